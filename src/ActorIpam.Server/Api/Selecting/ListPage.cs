using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Door;

namespace ActorIpam.Server.Api.Selecting;

/// <summary>A part of a list, and the token that asks for the next one.</summary>
/// <param name="ResourceVersion">The version of the first page: a watch from there sees whatever changed while the pages were read.</param>
/// <param name="Items">The resources, by name.</param>
/// <param name="Continue">Asks for the next page; null at the end.</param>
/// <param name="Remaining">How many are behind this page.</param>
internal sealed record ListPage(long ResourceVersion, ImmutableArray<Resource> Items, string? Continue, int Remaining)
{
    /// <param name="list">The whole kind.</param>
    /// <param name="selection">What of it is wanted.</param>
    /// <param name="request">Names <c>limit</c> and <c>continue</c>.</param>
    public static Received<ListPage> Of(ResourceList list, Selection selection, HttpRequest request)
    {
        if (!int.TryParse(request.Parameter("limit") ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var limit))
        {
            return Bad("limit", "limit must be a whole number.");
        }

        var (version, after) = (list.ResourceVersion, (string?)null);
        if (request.Parameter("continue") is { } token && !TryRead(token, out version, out after))
        {
            return Bad("continue", "continue is not a token this server gave.");
        }

        var items = list.Items.Where(item => (after is null || string.CompareOrdinal(item.Metadata.Name, after) > 0) && selection.Holds(item)).ToImmutableArray();
        if (limit == 0 || items.Length <= limit)
        {
            return new ListPage(version, items, null, 0);
        }

        return new ListPage(version, items[..limit], Token(version, items[limit - 1].Metadata.Name), items.Length - limit);
    }

    private static string Token(long version, string name) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{version}/{name}")));

    private static bool TryRead(string token, out long version, out string? after)
    {
        (version, after) = (0, null);
        if (!Base64Url.IsValid(token) || Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split('/', 2) is not [var number, { Length: > 0 } name])
        {
            return false;
        }

        after = name;
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out version);
    }

    private static Status Bad(string field, string message) => RefusalStatus.Of(new Refusal(RefusalCode.Malformed, message, field));
}
