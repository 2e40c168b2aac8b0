using System.Collections.Immutable;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Shrinking;

namespace ActorIpam.Simulation.Tests;

/// <summary>In which worlds planted bugs are looked for. Most in those that seeds draw; those that need a rare coincidence in plain ones, where it is more likely; and in none where they cannot show.</summary>
internal static class PlantedWorlds
{
    /// <summary>Members, pods and operators only: nobody sweeps, forwards, asks for routes or collects garbage.</summary>
    public const string Plain = "no-sweeps,no-tunnels,no-forwards,routings=0,collections=0,cuts=0,good-clocks";

    private static readonly ImmutableSortedSet<string> InPlainWorlds =
    [
        "a-handle-twice-in-a-unit", "already-mine-judged-from-the-head", "capped-answer-not-stored", "caps-not-guarded", "heads-compared-by-version-only",
        "orphaning-without-the-node-fence", "owner-heads-after-its-blocks", "policy-head-after-its-body", "release-without-generation",
        "release-without-its-request", "short-because-of-a-doubt",
    ];

    /// <summary>What is changed of a world in which a bug is rarer than it need be.</summary>
    private static readonly ImmutableSortedDictionary<string, string> Shapes = new Dictionary<string, string>
    {
        ["a-no-after-silence-is-definite"] = "no-upgrade,no-fail-over,no-sweeps,no-restores,no-going-back,no-lull,rounds=12",
        ["the-next-is-asked-after-silence"] = "no-upgrade,no-fail-over,no-sweeps,no-restores,no-going-back,no-lull,rounds=12",
        ["give-back-by-one-look"] = "affinities=25,changes=12",
        ["release-without-handle"] = "cooldown=0,no-forwards,no-tunnels,cuts=0,good-clocks,no-sweeps,no-restores,no-going-back,collections=20,rounds=10",
        ["sweep-takes-the-blocks-of-a-host-that-came-back"] = "changes=24",
        ["known-holdings-need-a-pool"] = "cooldown=0,no-forwards,no-tunnels,collections=0,cuts=0,good-clocks",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static readonly ImmutableSortedDictionary<string, Func<WorldPlan, bool>> Needs = new Dictionary<string, Func<WorldPlan, bool>>
    {
        ["looks-instead-of-sending-again"] = plan => plan.FailsOver,
        ["questions-are-only-read"] = plan => plan.FailsOver,
        ["what-is-read-is-told"] = plan => plan.FailsOver,
        ["give-back-by-one-look"] = plan => plan.FailsOver && plan.Pace <= TimeSpan.FromSeconds(3),
        ["what-is-passivated-is-lacking"] = plan => plan.Minds is { Entries: < 6 },
        ["unchanged-resources-are-not-fenced"] = plan => plan is { FailsOver: true, Changes: > 0 },
        ["heads-compared-by-version-only"] = plan => plan.GoesBack,
        ["adopted-by-the-clock-of-the-member"] = plan => plan.Restores,
        ["known-holdings-need-a-pool"] = plan => plan is { Restores: true, Changes: > 0 },
        ["assigns-while-recovering"] = plan => plan.Restores,
        ["repeats-grants-while-recovering"] = plan => plan.Restores,
        ["recovery-ends-unreported"] = plan => plan.Restores,
        ["recovery-ends-before-the-cooldown"] = plan => plan is { Restores: true, Cooldown: > 3 },
        ["conflicts-count-as-reported"] = plan => plan.Restores,
        ["release-without-its-request"] = plan => plan.Duplicates > 0 && plan.Pace < TimeSpan.FromSeconds(1),
        ["release-without-generation"] = plan => plan.Pace < TimeSpan.FromSeconds(1),
        ["release-without-handle"] = plan => plan.Pace < TimeSpan.FromSeconds(1),
        ["orphaning-without-the-node-fence"] = plan => plan.Changes > 0,
        ["policy-head-after-its-body"] = plan => plan.Changes > 0,
        ["owner-heads-after-its-blocks"] = plan => plan.Changes > 0,
        ["joins-at-any-distance"] = plan => plan.Upgrade is { Steps: > 1 },
        ["strangers-are-heard"] = plan => plan is { Upgrade.Steps: > 1, Forwards: true },
        ["a-no-after-silence-is-definite"] = plan => plan is { Forwards: true, Members: > 1 },
        ["the-next-is-asked-after-silence"] = plan => plan is { Forwards: true, Members: > 1 },
        ["every-release-of-a-handle-is-forwarded"] = plan => plan is { Forwards: true, Members: > 1 },
        ["forwarded-release-without-generations"] = plan => plan is { Forwards: true, Members: > 1 },
        ["forwarded-under-another-request-id"] = plan => plan is { Forwards: true, Members: > 1 },
        ["gc-ignores-issued"] = plan => plan.Collections > 0,
        ["cooldown-sweep-ends-early"] = plan => plan is { Sweeps: not null, Cooldown: > 0 },
        ["idle-sweep-takes-the-last-block"] = plan => plan.Sweeps is { IdleGrace: var grace } && grace > TimeSpan.Zero,
        ["final-releases-forgotten-too-early"] = plan => plan.Sweeps is not null,
        ["retention-forgets-what-is-held"] = plan => plan.Sweeps is { Keeps: not null },
        ["sweep-takes-the-blocks-of-a-host-that-came-back"] = plan => plan is { Sweeps: not null, Changes: > 0 } && plan.Pace <= TimeSpan.FromSeconds(3),
        ["sweeper-ignores-issued"] = plan => plan.Sweeps is not null,
        ["moved-block-stays-claimed"] = plan => plan.Changes > 0,
        ["split-forgets-orphans"] = plan => plan.Changes > 0,
        ["tunnel-address-without-a-cap"] = plan => plan is { HasTunnels: true, Members: > 1 },
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The world that a seed is played in to find the bug.</summary>
    public static WorldPlan Of(string bug, ulong seed) => WorldChange.Apply(Run.PlanOf(seed), $"{(InPlainWorlds.Contains(bug) ? Plain : "")},{Shapes.GetValueOrDefault(bug)}");

    /// <summary>False for a world in which what the bug spoils does not happen: it need not be played.</summary>
    public static bool MayShow(string bug, ulong seed) => !Needs.TryGetValue(bug, out var needs) || needs(Run.PlanOf(seed));
}
