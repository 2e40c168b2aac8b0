using System.Collections.Frozen;
using ActorIpam.Conformance.Cases;
using ActorIpam.Conformance.Rules;
using ActorIpam.Conformance.Scenarios;

namespace ActorIpam.Conformance;

/// <summary>Which player plays which section. A section that stands in neither table is an error.</summary>
internal static class Sections
{
    public static FrozenDictionary<string, Action<Case, Findings>> Played { get; } = new Dictionary<string, Action<Case, Findings>>
    {
        ["selectors"] = SelectorCases.Match,
        ["selector_canonical"] = SelectorCases.Canonical,
        ["pool_validation"] = PoolCases.Create,
        ["pool_update"] = PoolCases.Update,
        ["resource_validation"] = ResourceCases.Play,
        ["pool_overlap_status"] = OverlapCases.Play,
        ["block_math"] = ArithmeticCases.BlockMath,
        ["block_of_address"] = ArithmeticCases.BlockOfAddress,
        ["pool_split"] = ArithmeticCases.Split,
        ["host_reservation_math"] = ArithmeticCases.HostReservation,
        ["reservation_filter"] = ReservationCases.Filter,
        ["reservation_parsing"] = ReservationCases.Parsing,
        ["pool_space"] = ReservationCases.Space,
        ["allocation_scenarios"] = Scenario.Play,
        ["release_scenarios"] = Scenario.Play,
        ["affinity_scenarios"] = Scenario.Play,
        ["gc"] = GarbageCases.Play,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Sections that wait for a part of the project; the entry goes when the part comes.</summary>
    public static FrozenDictionary<string, string> Waiting { get; } = new Dictionary<string, string>
    {
        ["routes"] = "waits for the routes of a node",
        ["bgp_export"] = "waits for the routes of a node",
        ["nat"] = "waits for the routes of a node",
        ["cni"] = "waits for the CNI plugin",
        ["cli"] = "waits for the command line",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
