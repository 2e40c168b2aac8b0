using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Clients;

/// <summary>What a world is made of. Each seed draws its own; small worlds near exhaustion find the most.</summary>
public sealed record WorldPlan
{
    public required int Members { get; init; }

    public required ImmutableArray<string> Hosts { get; init; }

    public required ImmutableArray<PoolPlan> Pools { get; init; }

    public bool Strict { get; init; }

    /// <summary>Seconds.</summary>
    public int Cooldown { get; init; }

    public required int PodsPerHost { get; init; }

    /// <summary>How often each pod comes and goes.</summary>
    public required int Rounds { get; init; }

    /// <summary>How many changes of the catalog happen beside.</summary>
    public int Changes { get; init; }

    /// <summary>How many members crash or stand still at a random instant.</summary>
    public int Troubles { get; init; }

    public FaultRates Faults { get; init; } = FaultRates.None;

    /// <summary>The longest rest between two steps of a pod: short ones meet strangers at the same address.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often, in a thousand, the network delivers a request about addresses a second time, up to some seconds later.</summary>
    public int Duplicates { get; init; }

    /// <summary>Changes of the catalog follow each other at once, and what they forbid stays forbidden for long.</summary>
    public bool Flurries { get; init; }

    /// <summary>The limit of blocks that each request names; 0 for none.</summary>
    public int MaxBlocks { get; init; }

    /// <summary>How many claims and give-backs of blocks happen beside.</summary>
    public int Affinities { get; init; }

    /// <summary>Once, the store goes back to an older state and moves on from there.</summary>
    public bool GoesBack { get; init; }

    public bool HasIpv6 => Pools.Any(pool => pool.IsIpv6);

    /// <summary>When the faults end at the latest.</summary>
    public TimeSpan Heals { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A third of the worlds are tight: one or two addresses a block, short rests, and everything comes twice.</summary>
    public static WorldPlan Draw(Dice dice)
    {
        var tight = dice.Next(3) == 0;
        return new()
        {
            Members = dice.Between(tight ? 2 : 1, 3),
            Hosts = Names("h", dice.Between(1, tight ? 2 : 4)),
            Pools = DrawPools(dice, tight),
            Strict = dice.Next(5) == 0,
            Cooldown = !tight && dice.Next(3) == 0 ? dice.Between(1, 3) : 0,
            PodsPerHost = dice.Between(1, tight ? 3 : 4),
            Rounds = dice.Between(tight ? 3 : 1, tight ? 6 : 4),
            Changes = dice.Next(4) == 0 ? 0 : dice.Between(1, 8),
            Troubles = dice.Next(2) == 0 ? 0 : dice.Between(1, 4),
            Faults = FaultRates.Draw(dice),
            Heals = dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(40)),
            Pace = TimeSpan.FromMilliseconds(tight ? dice.Between(5, 400) : 3000),
            Duplicates = dice.Next(3) == 0 ? dice.Between(50, tight ? 500 : 200) : 0,
            Flurries = dice.Next(3) == 0,
            MaxBlocks = dice.Next(4) == 0 ? dice.Between(1, 2) : 0,
            Affinities = dice.Next(3) == 0 ? dice.Between(1, 5) : 0,
            GoesBack = dice.Next(10) == 0,
        };
    }

    private static ImmutableArray<PoolPlan> DrawPools(Dice dice, bool tight)
    {
        var pools = Enumerable.Range(0, dice.Between(1, tight ? 2 : 3)).Select(index => PoolPlan.Draw(index, dice, tight)).ToImmutableArray();
        return dice.Next(5) == 0 ? pools.Add(PoolPlan.DrawIpv6(pools.Length, dice)) : pools;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Members} members, {Hosts.Length} hosts × {PodsPerHost} pods × {Rounds} rounds, pools {string.Join(" ", Pools.Select(pool => $"{pool.Cidr}:{pool.BlockSize}{pool.Selector}"))}, strict {Strict}, cooldown {Cooldown} s, {Changes} changes{(Flurries ? " in flurries" : "")}, {Troubles} troubles, pace {Pace.TotalMilliseconds} ms, duplicates {Duplicates} ‰, at most {MaxBlocks} blocks, {Affinities} affinities{(GoesBack ? ", goes back" : "")}");

    private static ImmutableArray<string> Names(string prefix, int count) =>
        [.. Enumerable.Range(1, count).Select(index => prefix + index.ToString(CultureInfo.InvariantCulture))];
}

/// <param name="Name">The pool's name.</param>
/// <param name="Cidr">Its range: one to four blocks.</param>
/// <param name="BlockSize">The prefix length of its blocks: one to eight addresses each.</param>
/// <param name="Selector">Which nodes may use it; null for all.</param>
public sealed record PoolPlan(string Name, string Cidr, int BlockSize, string? Selector)
{
    public bool IsIpv6 => Cidr.Contains(':', StringComparison.Ordinal);

    internal static PoolPlan DrawIpv6(int index, Dice dice)
    {
        var block = dice.Between(126, 128);
        var number = index.ToString(CultureInfo.InvariantCulture);
        return new($"pool-{number}", $"fd00:{number}::/{(block - dice.Between(0, 1)).ToString(CultureInfo.InvariantCulture)}", block, null);
    }

    internal static PoolPlan Draw(int index, Dice dice, bool tight)
    {
        var block = tight ? dice.Between(31, 32) : dice.Between(29, 31);
        var length = Math.Max(28, block - dice.Between(0, tight ? 1 : 2));
        var number = index.ToString(CultureInfo.InvariantCulture);
        return new($"pool-{number}", $"10.{number}.0.0/{length.ToString(CultureInfo.InvariantCulture)}", block, index > 0 && dice.Next(3) == 0 ? "zone == \"a\"" : null);
    }
}
