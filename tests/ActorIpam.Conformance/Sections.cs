using System.Collections.Frozen;
using ActorIpam.Conformance.Cases;
using ActorIpam.Conformance.Rules;
using ActorIpam.Conformance.Scenarios;

namespace ActorIpam.Conformance;

/// <summary>Which player plays which section. A section that stands in no table is an error.</summary>
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
        ["routes"] = RouteCases.Routes,
        ["bgp_export"] = RouteCases.BgpExport,
        ["nat"] = RouteCases.Nat,
        ["gc"] = GarbageCases.Play,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Sections that wait for a part of the project; the entry goes when the part comes.</summary>
    public static FrozenDictionary<string, string> Waiting { get; } = new Dictionary<string, string>
    {
        ["cni"] = "waits for the CNI plugin",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Sections that a suite of its own plays, with a handler for each case and a test that every case has one.</summary>
    public static FrozenDictionary<string, string> Elsewhere { get; } = new Dictionary<string, string>
    {
        ["cli"] = "tests/ActorIpam.Cli.EndToEnd",
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
