using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.InMemory;

namespace ActorIpam.Simulation.Laws;

/// <summary>The catalog as the laws read it: from the stored bodies alone, without the code that is judged.</summary>
/// <remarks>It knows the selectors that worlds draw: none, or one label that equals one value.</remarks>
internal sealed record StoredPolicy(ImmutableArray<StoredPolicy.Pool> Pools, ImmutableArray<Cidr> Reserved, ImmutableDictionary<string, string> Zones, bool Strict)
{
    /// <summary>Most units leave the resources alone: each set of bodies is read once.</summary>
    private static readonly ConditionalWeakTable<ImmutableSortedDictionary<ResourceName, ResourceRow>, StoredPolicy> Known = [];

    public static StoredPolicy Of(JournalState state) => Known.GetValue(state.Resources, _ => Read(state));

    private static StoredPolicy Read(JournalState state)
    {
        var rows = state.Resources.Values.Select(row => (row.Kind, row.Name, row.Uid, Spec: SpecOf(row.Body, out var zone), Zone: zone)).ToList();
        return new(
            [.. rows.Where(row => row.Kind == "IPPool").Select(row => Pool.Of(row.Uid, row.Spec))],
            [.. rows.Where(row => row.Kind == "IPReservation").SelectMany(row => row.Spec.GetProperty("reservedCIDRs").EnumerateArray().Select(cidr => Cidr.Parse(cidr.GetString()!)))],
            rows.Where(row => row.Kind == "Node").ToImmutableDictionary(row => row.Name, row => row.Zone ?? ""),
            rows.Any(row => row.Kind == "IPAMConfiguration" && row.Spec.TryGetProperty("strictAffinity", out var strict) && strict.ValueKind == JsonValueKind.True));
    }

    public bool IsReserved(IpAddress ip) => Reserved.Any(range => range.Contains(ip));

    /// <summary>The pools of a family that a host may be given addresses from; none when it has no node.</summary>
    public IEnumerable<Pool> PoolsFor(string host, IpFamily family, ImmutableArray<string> requested) =>
        from pool in Pools
        where pool.Range.Family == family && !pool.Disabled && Zones.ContainsKey(host)
        where requested.IsEmpty ? pool.Selects(Zones[host]) : requested.Contains(pool.Range.ToString())
        select pool;

    private static JsonElement SpecOf(string body, out string? zone)
    {
        var root = JsonDocument.Parse(body).RootElement;
        zone = root.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("labels", out var labels) && labels.TryGetProperty("zone", out var value) ? value.GetString() : null;
        return root.TryGetProperty("spec", out var spec) ? spec : default;
    }

    internal sealed record Pool(string Uid, Cidr Range, int BlockSize, bool Disabled, string? Zone)
    {
        public static Pool Of(string uid, JsonElement spec) => new(
            uid,
            Cidr.Parse(spec.GetProperty("cidr").GetString()!),
            spec.TryGetProperty("blockSize", out var block) ? block.GetInt32() : 26,
            spec.TryGetProperty("disabled", out var disabled) && disabled.ValueKind == JsonValueKind.True,
            ZoneOf(spec.TryGetProperty("nodeSelector", out var selector) ? selector.GetString() : null));

        public bool Selects(string zone) => Zone is null || Zone == zone;

        private static string? ZoneOf(string? selector) =>
            selector is null or "" or "all()" ? null
            : selector.StartsWith("zone == \"", StringComparison.Ordinal) ? selector["zone == \"".Length..^1]
            : throw new NotSupportedException($"The laws cannot read the selector '{selector}'.");
    }
}
