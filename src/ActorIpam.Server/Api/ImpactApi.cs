using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Door;
using ActorIpam.Ingest;

namespace ActorIpam.Server.Api;

/// <summary>What changes of resources would do: <c>POST /ipam/v1/impact</c>, and <c>Warning</c> headers on every dry run of the resource calls.</summary>
internal sealed class ImpactApi(IpamDoor door)
{
    /// <summary>How many headers an answer carries, and how long one may be: proxies and clients bound what they read.</summary>
    private const int MostHeaders = 16, LongestHeader = 400;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = IngestLimits.MaxDepth, AllowDuplicateProperties = false };

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/ipam/v1/impact", ImpactAsync);

    /// <summary>Adds what a dry run found out to its answer, before the answer is written. kubectl prints it.</summary>
    public static async Task WarnAsync(HttpContext context, IpamDoor door, ImmutableArray<Resource> apply, ImmutableArray<ResourceName> delete)
    {
        var report = await door.Impacts.ImpactAsync(apply, delete, context.RequestAborted);
        var lines = report.Items.Any(static item => item.Outcome == "refused") ? [] : report.Lines();
        foreach (var line in lines.Take(MostHeaders))
        {
            context.Response.Headers.Append("Warning", $"299 - \"{Quoted(line)}\"");
        }
    }

    private async Task ImpactAsync(HttpContext context)
    {
        if ((context.Request.UnknownParameter() ?? context.Request.WrongType("application/json")) is { } refused)
        {
            await context.Response.WriteAsync(refused);
            return;
        }

        var body = await context.Request.BodyAsync(Limits.LargeBody);
        if (!body.Is(out var utf8, out var problem) || !Read(utf8).Is(out var asked, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        await context.Response.WriteAsync(200, await door.Impacts.ImpactAsync(asked.Apply, asked.Delete, context.RequestAborted), ExplainJson.Default.ImpactReport);
    }

    private static Received<Asked> Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return Refused("The body must be an object with the lists apply and delete.", null);
            }

            var (apply, delete) = (ImmutableArray.CreateBuilder<Resource>(), ImmutableArray.CreateBuilder<ResourceName>());
            foreach (var member in document.RootElement.EnumerateObject())
            {
                var refused = member.Value.ValueKind != JsonValueKind.Array ? Refused($"{member.Name} must be a list.", member.Name) : member.Name switch
                {
                    "apply" => ReadDefinitions(member.Value, apply),
                    "delete" => ReadNames(member.Value, delete),
                    _ => RefusalStatus.Of(new Refusal(RefusalCode.UnknownField, $"The field '{member.Name}' is not known here.", member.Name)),
                };
                if (refused is not null)
                {
                    return refused;
                }
            }

            return new Asked(apply.ToImmutable(), delete.ToImmutable());
        }
        catch (JsonException e)
        {
            return Refused($"The body is not readable JSON (line {e.LineNumber + 1}).", null);
        }
    }

    private static Status? ReadDefinitions(JsonElement list, ImmutableArray<Resource>.Builder apply)
    {
        foreach (var item in list.EnumerateArray())
        {
            var read = ResourceJson.Read(item);
            if (read.IsRefused)
            {
                return RefusalStatus.Of([.. read.Refusals.Select(refusal => refusal with { Field = $"apply[{apply.Count}].{refusal.Field}".TrimEnd('.') })]);
            }

            apply.Add(read.Value);
        }

        return null;
    }

    private static Status? ReadNames(JsonElement list, ImmutableArray<ResourceName>.Builder delete)
    {
        foreach (var item in list.EnumerateArray())
        {
            var kind = item.ValueKind == JsonValueKind.Object && item.TryGetProperty("kind", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
            var name = kind is not null && item.TryGetProperty("name", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
            if (name is null || ResourceKinds.All.FirstOrDefault(known => known.Name == kind) is not { } found)
            {
                return Refused($"delete[{delete.Count}] must be an object with the kind and the name of a resource.", $"delete[{delete.Count}]");
            }

            delete.Add(new(found.Kind, name));
        }

        return null;
    }

    private static Status Refused(string message, string? field) => RefusalStatus.Of(new Refusal(RefusalCode.Malformed, message, field));

    /// <summary>A header holds printable ASCII; quotes inside are escaped.</summary>
    private static string Quoted(string line)
    {
        var text = new StringBuilder();
        foreach (var letter in line.Length > LongestHeader ? line[..LongestHeader] + "..." : line)
        {
            _ = letter is '"' or '\\' ? text.Append('\\').Append(letter) : text.Append(letter is >= ' ' and <= '~' ? letter : '?');
        }

        return text.ToString();
    }

    private sealed record Asked(ImmutableArray<Resource> Apply, ImmutableArray<ResourceName> Delete);
}
