using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Client.Http;

/// <summary>One page of a list in the Kubernetes style.</summary>
internal sealed record ResourcePage(ImmutableArray<Resource> Items, long? ResourceVersion, string? Continue)
{
    /// <exception cref="ApiException">It is no list of resources.</exception>
    public static ResourcePage Read(ApiAnswer answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array)
            {
                throw Posting.NotUnderstood(answer);
            }

            var metadata = root.TryGetProperty("metadata", out var m) && m.ValueKind == JsonValueKind.Object ? m : default;
            return new(
                [.. items.EnumerateArray().Select(item => ReadOne(item, answer))],
                long.TryParse(Text(metadata, "resourceVersion"), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null,
                Text(metadata, "continue") is { Length: > 0 } next ? next : null);
        }
        catch (JsonException)
        {
            throw Posting.NotUnderstood(answer);
        }
    }

    /// <exception cref="ApiException">It is no resource of a kind this client knows.</exception>
    public static Resource ReadOne(JsonElement element, ApiAnswer answer)
    {
        var read = ResourceJson.Read(element);
        return read.IsRefused ? throw Posting.NotUnderstood(answer, read.Refusals[0].Message) : read.Value;
    }

    private static string? Text(JsonElement metadata, string name) =>
        metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
