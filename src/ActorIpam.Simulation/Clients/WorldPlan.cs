using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Engine;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Clients;

/// <summary>What a world is made of: a value, so that a failing one can be made smaller part by part (<see cref="Shrinking.Shrinker"/>).</summary>
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

    /// <summary>How many members crash, stand still, drain or get another clock at a random instant.</summary>
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

    /// <summary>How many collections of garbage each host asks for; pods then sometimes go without a release.</summary>
    public int Collections { get; init; }

    /// <summary>How many questions about routes are asked.</summary>
    public int Routings { get; init; }

    /// <summary>Once, the store goes back to an older state and moves on from there.</summary>
    public bool GoesBack { get; init; }

    /// <summary>The standby that commits wait for is out of reach now and then, and takes over without what nobody was told.</summary>
    public bool FailsOver { get; init; }

    /// <summary>Once, the journal is lost and a backup restored: members stop, hosts report, an operator ends the recovery.</summary>
    public bool Restores { get; init; }

    /// <summary>Members know of each other and forward what another owns; else each serves what it is asked.</summary>
    public bool Forwards { get; init; }

    /// <summary>How members are upgraded while they are used; null when all run one release.</summary>
    public UpgradePlan? Upgrade { get; init; }

    /// <summary>How often the network is cut somewhere for a while.</summary>
    public int Cuts { get; init; }

    /// <summary>How members sweep; null when they do not.</summary>
    public SweepPlan? Sweeps { get; init; }

    /// <summary>How clocks lie.</summary>
    public ClockPlan Clocks { get; init; } = ClockPlan.Good;

    /// <summary>Faults go on for so long after clients have their answers, for those who work unasked.</summary>
    public TimeSpan Lull { get; init; }

    /// <summary>How little members keep in mind; null for as much as they want.</summary>
    public MindPlan? Minds { get; init; }

    /// <summary>When faults and work have ended, each member is asked for each host.</summary>
    public bool EndsInARollCall { get; init; }

    public bool HasIpv6 => Pools.Any(pool => pool.IsIpv6);

    public bool HasTunnels => Pools.Any(pool => pool.Tunnel != Tunnel.None);

    /// <summary>When the faults end at the latest.</summary>
    public TimeSpan Heals { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A third of the worlds are tight: one or two addresses a block, short rests, and everything comes twice. Of the others some are slow, so that
    /// what takes minutes happens, and a few are wide: many hosts and large blocks.
    /// </summary>
    public static WorldPlan Draw(Dice dice)
    {
        var tight = dice.Next(3) == 0;
        var wide = !tight && dice.Next(20) == 0;
        var slow = !tight && !wide && dice.Next(8) == 0;
        var sweeps = dice.Next(2) == 0 ? SweepPlan.Draw(dice, slow) : null;
        var plan = new WorldPlan
        {
            Members = dice.Next(12) == 0 ? dice.Between(4, 7) : dice.Between(tight ? 2 : 1, 3),
            Hosts = Names("h", wide ? dice.Between(10, 50) : dice.Between(1, tight ? 2 : 4)),
            Pools = DrawPools(dice, tight, wide),
            Strict = dice.Next(5) == 0,
            Cooldown = !tight && dice.Next(3) == 0 ? dice.Between(1, 3) : 0,
            PodsPerHost = wide ? dice.Between(1, 2) : dice.Between(1, tight ? 3 : 4),
            Rounds = wide ? 1 : dice.Between(tight ? 3 : 1, tight ? 6 : 4),
            Changes = dice.Next(4) == 0 ? 0 : dice.Between(1, 8),
            Troubles = dice.Next(2) == 0 ? 0 : dice.Between(1, slow ? 10 : 4),
            Faults = FaultRates.Draw(dice),
            Heals = dice.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(slow ? 240 : 40)),
            Pace = slow ? TimeSpan.FromSeconds(dice.Between(20, 60)) : TimeSpan.FromMilliseconds(tight ? dice.Between(5, 400) : 3000),
            Duplicates = dice.Next(3) == 0 ? dice.Between(50, tight ? 500 : 200) : 0,
            Flurries = dice.Next(3) == 0,
            MaxBlocks = dice.Next(4) == 0 ? dice.Between(1, 2) : 0,
            Affinities = dice.Next(3) == 0 ? dice.Between(1, 5) : 0,
            Collections = dice.Next(3) == 0 ? dice.Between(1, 4) : 0,
            Routings = dice.Next(6) == 0 ? dice.Between(1, 6) : 0,
            GoesBack = dice.Next(12) == 0,
            Forwards = dice.Next(2) == 0,
            Cuts = dice.Next(3) == 0 ? dice.Between(1, 5) : 0,
            Sweeps = sweeps,
            Clocks = ClockPlan.Draw(dice),
            Lull = sweeps is { Keeps: { } keeps } ? keeps + dice.Between(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(40)) : TimeSpan.Zero,
        };

        // Last, so that worlds without it are as they were. Nobody here would know the tunnels of a host but the nodes of the lost journal.
        plan = plan with { Restores = dice.Next(6) == 0 && !plan.GoesBack && !plan.HasTunnels };

        // Dice of their own, and not beside what excuses losses: here nothing that was answered may be lost.
        var rest = dice.Fork("cooldown of a recovery");
        if (plan.Restores && rest.Next(3) == 0)
        {
            // Longer than it takes hosts to report and clocks to differ, so that the cooldown is what a recovery waits for.
            plan = plan with { Cooldown = rest.Between(20, 40), Rounds = Math.Max(plan.Rounds, 4), Clocks = plan.Clocks.Apart > TimeSpan.FromSeconds(5) ? ClockPlan.Good : plan.Clocks };
        }

        plan = plan with { Minds = MindPlan.Draw(dice.Fork("minds")), EndsInARollCall = dice.Fork("roll call").Next(3) == 0 };
        plan = plan with { FailsOver = dice.Fork("fail-over").Next(6) == 0 && plan is { GoesBack: false, Restores: false } };
        var upgrade = dice.Fork("upgrade");
        if (upgrade.Next(2) > 0 || plan is not { GoesBack: false, Restores: false, FailsOver: false, Forwards: true, Members: > 1 })
        {
            return plan;
        }

        // An upgrade takes its time, and is used all the while.
        return plan with { Upgrade = UpgradePlan.Draw(upgrade), Rounds = Math.Max(plan.Rounds, 5), Pace = Longer(plan.Pace, 3), Heals = Longer(plan.Heals, 30) };

        static TimeSpan Longer(TimeSpan one, int seconds) => one > TimeSpan.FromSeconds(seconds) ? one : TimeSpan.FromSeconds(seconds);
    }

    private static ImmutableArray<PoolPlan> DrawPools(Dice dice, bool tight, bool wide)
    {
        var pools = Enumerable.Range(0, dice.Between(1, tight ? 2 : 4)).Select(index => PoolPlan.Draw(index, dice, tight, wide)).ToImmutableArray();
        return dice.Next(5) == 0 ? pools.Add(PoolPlan.DrawIpv6(pools.Length, dice)) : pools;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Members} members, {Hosts.Length} hosts × {PodsPerHost} pods × {Rounds} rounds, pools {string.Join(" ", Pools)}, strict {Strict}, cooldown {Cooldown} s, {Changes} changes{(Flurries ? " in flurries" : "")}, {Troubles} troubles, pace {Pace.TotalMilliseconds} ms, duplicates {Duplicates} ‰, at most {MaxBlocks} blocks, {Affinities} affinities, {Collections} collections a host, {Routings} questions about routes, clocks {Clocks}, {Sweeps?.ToString() ?? "no sweeps"}{(Forwards ? ", forwards" : "")}, {Cuts} cuts{(GoesBack ? ", goes back" : "")}{(Restores ? ", restores" : "")}{(FailsOver ? ", fails over" : "")}{(Upgrade is null ? "" : $", {Upgrade}")}{(Minds is null ? "" : $", {Minds}")}{(EndsInARollCall ? ", ends in a roll call" : "")}, faults {Faults}, heals by {Heals.TotalSeconds:0.0} s");

    private static ImmutableArray<string> Names(string prefix, int count) =>
        [.. Enumerable.Range(1, count).Select(index => prefix + index.ToString(CultureInfo.InvariantCulture))];
}

/// <summary>How members sweep.</summary>
/// <param name="Period">The mean time between two runs of a member.</param>
/// <param name="IdleGrace">How long an empty block may stay; zero for ever.</param>
/// <param name="Keeps">How long requests and final releases are remembered; null for as long as the world lasts.</param>
/// <param name="RowsPerPage">Rows that one question brings: few, so that there are pages.</param>
public sealed record SweepPlan(TimeSpan Period, TimeSpan IdleGrace, TimeSpan? Keeps, int RowsPerPage)
{
    /// <summary>Longer than any request of a world may come late: pods repeat within two rests, members stand still for a minute.</summary>
    private static TimeSpan LeastKept(bool slow) => TimeSpan.FromSeconds(slow ? 300 : 90);

    internal static SweepPlan Draw(Dice dice, bool slow) => new(
        TimeSpan.FromMilliseconds(dice.Between(1000, slow ? 12_000 : 6000)),
        dice.Next(3) == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(dice.Between(500, 8000)),
        dice.Next(3) == 0 ? LeastKept(slow) + TimeSpan.FromSeconds(dice.Between(0, 20)) : null,
        dice.Next(2) == 0 ? dice.Between(1, 4) : 500);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"sweeps each {Period.TotalSeconds:0.0} s, idle after {IdleGrace.TotalSeconds:0.0} s{(Keeps is { } keeps ? $", keeps requests {keeps.TotalSeconds:0} s" : "")}");
}

/// <summary>How little members keep in mind, so that they forget what they are about to use (protocol.md §2: what is remembered is a hint).</summary>
/// <param name="Entries">Streams kept activated, also fewer than one turn looks at.</param>
/// <param name="Owners">Owners whose blocks are kept in mind; null for as many as members keep by themselves.</param>
public sealed record MindPlan(int Entries, int? Owners)
{
    /// <summary>A member's options with such a mind; as they are without one.</summary>
    internal static MemberOptions Over(MindPlan? minds, MemberOptions options) =>
        minds is null ? options : options with { Entries = minds.Entries, Owners = minds.Owners ?? options.Owners };

    internal static MindPlan? Draw(Dice dice) => dice.Next(4) == 0 ? new(dice.Between(1, 12), dice.Between(2, 4)) : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"minds of {Entries} streams{(Owners is { } owners ? $" and {owners} owners" : "")}");
}

/// <summary>How the clocks of members lie.</summary>
/// <param name="Skew">The farthest that any is off.</param>
/// <param name="Drift">The most that any runs too fast or too slow, in a million.</param>
/// <param name="Steps">Whether clocks are set while members run.</param>
public sealed record ClockPlan(TimeSpan Skew, int Drift, bool Steps)
{
    /// <summary>With what it drifts, a clock stays within the ten seconds beyond which a member does not serve (protocol.md §4).</summary>
    private static readonly TimeSpan Farthest = TimeSpan.FromSeconds(9);

    public static ClockPlan Good { get; } = new(TimeSpan.Zero, 0, false);

    /// <summary>How far two clocks may lie apart, with what they drift in the time of a world.</summary>
    public TimeSpan Apart => (Skew * 2) + TimeSpan.FromSeconds(Drift * 1e-6 * 2 * 600);

    internal static ClockPlan Draw(Dice dice) => new(
        dice.Next(3) == 0 ? dice.Between(TimeSpan.FromSeconds(1), Farthest) : TimeSpan.FromMilliseconds(200),
        dice.Next(4) == 0 ? dice.Between(10, 1000) : 0,
        dice.Next(4) == 0);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"±{Skew.TotalSeconds:0.0} s{(Drift > 0 ? $" drifting {Drift} ppm" : "")}{(Steps ? " in steps" : "")}");
}
