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

    /// <summary>When the faults end at the latest.</summary>
    public TimeSpan Heals { get; init; } = TimeSpan.FromSeconds(30);

    public static WorldPlan Draw(Dice dice) => new()
    {
        Members = dice.Between(1, 3),
        Hosts = Names("h", dice.Between(1, 4)),
        Pools = [.. Enumerable.Range(0, dice.Between(1, 3)).Select(index => PoolPlan.Draw(index, dice))],
        Strict = dice.Next(5) == 0,
        Cooldown = dice.Next(3) == 0 ? dice.Between(1, 3) : 0,
        PodsPerHost = dice.Between(1, 4),
        Rounds = dice.Between(1, 4),
        Changes = dice.Next(4) == 0 ? 0 : dice.Between(1, 8),
        Troubles = dice.Next(2) == 0 ? 0 : dice.Between(1, 4),
        Faults = FaultRates.Draw(dice),
        Heals = dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(40)),
    };

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Members} members, {Hosts.Length} hosts × {PodsPerHost} pods × {Rounds} rounds, pools {string.Join(" ", Pools.Select(pool => $"{pool.Cidr}:{pool.BlockSize}{pool.Selector}"))}, strict {Strict}, cooldown {Cooldown} s, {Changes} changes, {Troubles} troubles");

    private static ImmutableArray<string> Names(string prefix, int count) =>
        [.. Enumerable.Range(1, count).Select(index => prefix + index.ToString(CultureInfo.InvariantCulture))];
}

/// <param name="Name">The pool's name.</param>
/// <param name="Cidr">Its range: one to four blocks.</param>
/// <param name="BlockSize">The prefix length of its blocks: two to eight addresses each.</param>
/// <param name="Selector">Which nodes may use it; null for all.</param>
public sealed record PoolPlan(string Name, string Cidr, int BlockSize, string? Selector)
{
    internal static PoolPlan Draw(int index, Dice dice)
    {
        var block = dice.Between(29, 31);
        var length = Math.Max(28, block - dice.Between(0, 2));
        var number = index.ToString(CultureInfo.InvariantCulture);
        return new($"pool-{number}", $"10.{number}.0.0/{length.ToString(CultureInfo.InvariantCulture)}", block, index > 0 && dice.Next(3) == 0 ? "zone == \"a\"" : null);
    }
}
