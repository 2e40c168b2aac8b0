using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Faults;

namespace ActorIpam.Simulation.Shrinking;

/// <summary>One way in which a world is smaller than the one its seed draws, as text that repeats it: <c>members=1</c>.</summary>
public static class WorldChange
{
    private static readonly ImmutableSortedDictionary<string, Func<WorldPlan, int, WorldPlan>> Numbers = new Dictionary<string, Func<WorldPlan, int, WorldPlan>>
    {
        ["members"] = (plan, number) => plan with { Members = Math.Max(1, number) },
        ["hosts"] = (plan, number) => plan with { Hosts = plan.Hosts[..Math.Clamp(number, 1, plan.Hosts.Length)] },
        ["pools"] = (plan, number) => plan with { Pools = plan.Pools[..Math.Clamp(number, 1, plan.Pools.Length)] },
        ["pods"] = (plan, number) => plan with { PodsPerHost = number },
        ["rounds"] = (plan, number) => plan with { Rounds = number },
        ["changes"] = (plan, number) => plan with { Changes = number },
        ["troubles"] = (plan, number) => plan with { Troubles = number },
        ["cuts"] = (plan, number) => plan with { Cuts = number },
        ["affinities"] = (plan, number) => plan with { Affinities = number },
        ["collections"] = (plan, number) => plan with { Collections = number },
        ["entries"] = (plan, number) => plan with { Minds = new(Math.Max(1, number), plan.Minds?.Owners) },
        ["routings"] = (plan, number) => plan with { Routings = number },
        ["duplicates"] = (plan, number) => plan with { Duplicates = number },
        ["cooldown"] = (plan, number) => plan with { Cooldown = number },
        ["max-blocks"] = (plan, number) => plan with { MaxBlocks = number },
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static readonly ImmutableSortedDictionary<string, Func<WorldPlan, WorldPlan>> Switches = new Dictionary<string, Func<WorldPlan, WorldPlan>>
    {
        ["no-strict"] = plan => plan with { Strict = false },
        ["no-flurries"] = plan => plan with { Flurries = false },
        ["no-going-back"] = plan => plan with { GoesBack = false },
        ["no-fail-over"] = plan => plan with { FailsOver = false },
        ["no-upgrade"] = plan => plan with { Upgrade = null },
        ["no-restores"] = plan => plan with { Restores = false },
        ["no-roll-call"] = plan => plan with { EndsInARollCall = false },
        ["large-minds"] = plan => plan with { Minds = null },
        ["no-forwards"] = plan => plan with { Forwards = false },
        ["no-sweeps"] = plan => plan with { Sweeps = null },
        ["no-lull"] = plan => plan with { Lull = TimeSpan.Zero },
        ["good-clocks"] = plan => plan with { Clocks = ClockPlan.Good },
        ["no-tunnels"] = plan => plan with { Pools = [.. plan.Pools.Select(pool => pool with { Tunnel = Tunnel.None })] },
        ["no-faults"] = plan => plan with { Faults = FaultRates.None },
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The world with these changes, in their order.</summary>
    /// <param name="plan">What the seed draws.</param>
    /// <param name="text">Changes separated by commas; nothing for none.</param>
    /// <exception cref="FormatException">A change is not known; the message lists those that are.</exception>
    public static WorldPlan Apply(WorldPlan plan, string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Aggregate(plan, One);

    /// <summary>Changes that make a world smaller, the boldest first. Applied to a world that they do not change they do nothing.</summary>
    internal static IEnumerable<string> Of(WorldPlan plan)
    {
        foreach (var name in Switches.Keys)
        {
            yield return name;
        }

        foreach (var (name, most) in Sizes(plan))
        {
            for (var number = name is "members" or "hosts" or "pools" or "pods" or "rounds" ? 1 : 0; number < most; number = number == 0 ? 1 : number * 2)
            {
                yield return $"{name}={number.ToString(CultureInfo.InvariantCulture)}";
            }

            if (most > 3)
            {
                yield return $"{name}={(most - 1).ToString(CultureInfo.InvariantCulture)}";
            }
        }

        foreach (var fault in plan.Faults.PerMille.Keys)
        {
            yield return $"without-{fault}";
        }
    }

    private static IEnumerable<(string Name, int Most)> Sizes(WorldPlan plan) =>
    [
        ("members", plan.Members), ("hosts", plan.Hosts.Length), ("pods", plan.PodsPerHost), ("rounds", plan.Rounds), ("pools", plan.Pools.Length), ("changes", plan.Changes),
        ("troubles", plan.Troubles), ("cuts", plan.Cuts), ("affinities", plan.Affinities), ("collections", plan.Collections), ("routings", plan.Routings),
        ("duplicates", plan.Duplicates), ("cooldown", plan.Cooldown), ("max-blocks", plan.MaxBlocks),
    ];

    private static WorldPlan One(WorldPlan plan, string change) => change.Split('=') switch
    {
        [var name] when Switches.TryGetValue(name, out var apply) => apply(plan),
        [var name] when name.StartsWith("without-", StringComparison.Ordinal) && Enum.TryParse<Fault>(name["without-".Length..], out var fault) => plan with { Faults = plan.Faults.Without(fault) },
        [var name, var value] when Numbers.TryGetValue(name, out var apply) && int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= 0 => apply(plan, number),
        _ => throw new FormatException($"'{change}' is no change of a world. There are {string.Join(", ", Numbers.Keys.Select(name => $"{name}=N").Concat(Switches.Keys))} and without-FAULT."),
    };
}
