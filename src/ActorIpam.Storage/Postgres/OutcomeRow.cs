using System.Collections.Immutable;
using System.Text.Json;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage.Postgres;

/// <summary>Reads what <c>append_units</c> says about one unit.</summary>
internal static class OutcomeRow
{
    public static Outcome Read(string outcome, string? detail) => outcome switch
    {
        "won" => Outcome.Won.Instance,
        "mine" => Outcome.AlreadyMine.Instance,
        "lost" => new Outcome.Lost([.. Items(detail).Select(stream => new StreamId(stream.GetString()!))]),
        "refused" => new Outcome.Refused([.. Items(detail).Select(Refusal)]),
        "broken" => new Outcome.Failed(JournalFault.BrokenInvariant, Parsed(detail).GetString()!),
        _ => throw new InvalidOperationException($"append_units answered '{outcome}', which this version does not know."),
    };

    private static RefusedGuard Refusal(JsonElement item) => new(item.GetProperty("guard").GetInt32(), item.GetProperty("why").GetString() switch
    {
        "closed" => new IpamGuardRefusal.HandleIsClosed(Time(item, "through")!.Value),
        "full" => new IpamGuardRefusal.HandleIsFull((IpFamily)item.GetProperty("family").GetInt32(), item.GetProperty("held").GetInt32()),
        "known" => new IpamGuardRefusal.RequestKnown(Request(item)),
        var why => throw new InvalidOperationException($"append_units refused for '{why}', which this version does not know."),
    });

    private static RequestRow Request(JsonElement item) => new(
        item.GetProperty("id").GetString()!,
        item.GetProperty("digest").GetString()!,
        Time(item, "issued"),
        [.. item.GetProperty("ips").EnumerateArray().Zip(
            item.GetProperty("generations").EnumerateArray(),
            (ip, generation) => new Grant(IpAddress.Parse(ip.GetString()!), generation.GetInt64()))],
        Time(item, "at")!.Value);

    private static DateTimeOffset? Time(JsonElement item, string name) =>
        item.GetProperty(name) is { ValueKind: JsonValueKind.String } time ? time.GetDateTimeOffset().ToUniversalTime() : null;

    private static JsonElement.ArrayEnumerator Items(string? detail) => Parsed(detail).EnumerateArray();

    private static JsonElement Parsed(string? detail) => JsonElement.Parse(detail ?? "[]");
}
