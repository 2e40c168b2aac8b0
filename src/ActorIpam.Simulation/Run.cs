using System.Collections.Immutable;
using ActorIpam.Engine;
using ActorIpam.Engine.Sweeping;
using ActorIpam.Engine.Tunnels;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;
using ActorIpam.Simulation.Kernel;
using ActorIpam.Simulation.Laws;
using ActorIpam.Simulation.Members;

namespace ActorIpam.Simulation;

/// <summary>One world from its first step to the judgement: faults, healing, quiet, and then every law.</summary>
public sealed class Run
{
    /// <summary>Long enough for all that members do unasked: sweeps, tunnel addresses, what is idle.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private readonly World _world;
    private readonly WorldPlan _plan;
    private readonly Cluster _cluster;
    private readonly FaultPlan _faults;
    private readonly UpkeepPlan _upkeep;

    private Run(ulong seed, WorldPlan plan, Func<Func<IJournal, IJournal>>? aroundJournal)
    {
        _world = new(seed);
        _plan = plan;
        _faults = new(plan.Faults, _world.Dice("faults"));
        var releases = plan.Upgrade is { } upgrade ? new Releases(upgrade.NewEvents) : Releases.One;
        var network = new SimulatedNetwork(_world, _faults, releases);
        // Dice of its own: what keeps streams short must not change the worlds in which nothing does.
        // Not beside upgrades: a snapshot of a release between would let an older one read behind what it does not know.
        _upkeep = plan.Upgrade is null ? UpkeepPlan.Draw(_world.Dice("upkeep of the journal"), _faults) : UpkeepPlan.None;
        var store = new SimulatedStore(_world, _faults) { Network = network, Upkeep = _upkeep, Releases = releases };
        var shape = aroundJournal?.Invoke() ?? (journal => journal);
        var clocks = _world.Dice("clocks");
        _cluster = new(_world, store, new(_world, store), [.. Enumerable.Range(1, plan.Members).Select(number => new SimulatedMember(_world, store, $"m{number}", new()
        {
            Skew = clocks.Between(TimeSpan.Zero, plan.Clocks.Skew * 2) - plan.Clocks.Skew,
            Drift = clocks.Between(-plan.Clocks.Drift, plan.Clocks.Drift),
            AroundJournal = shape,
            Options = Options,
            Sweeps = plan.Sweeps is not null,
            Network = plan.Forwards ? network : null,
        }))], network)
        { Duplicates = plan.Duplicates };
    }

    /// <summary>Plays a seed. The same seed gives the same verdict, step for step.</summary>
    /// <param name="seed">Draws the world and everything that happens in it.</param>
    /// <param name="aroundJournal">Wraps the journal of each member: where tests plant faults of the port.</param>
    public static Verdict Of(ulong seed, Func<Func<IJournal, IJournal>>? aroundJournal = null) => Of(seed, PlanOf(seed), aroundJournal);

    /// <summary>Plays a seed in another world than it draws: how a failing world is made smaller.</summary>
    public static Verdict Of(ulong seed, WorldPlan plan, Func<Func<IJournal, IJournal>>? aroundJournal = null) => new Run(seed, plan, aroundJournal).Judge();

    /// <summary>The world that a seed draws.</summary>
    public static WorldPlan PlanOf(ulong seed) => WorldPlan.Draw(new Dice(seed).Fork("plan"));

    private MemberOptions Options(string name) => MindPlan.Over(_plan.Minds, new()
    {
        Name = name,
        Tunnels = _plan.HasTunnels ? new() { Look = TimeSpan.FromSeconds(1), Recheck = TimeSpan.FromSeconds(6) } : null,
        Sweeping = _upkeep.Over(_plan.Sweeps is not { } sweeps ? new() { Period = TimeSpan.Zero } : new()
        {
            Period = sweeps.Period,
            IdleGrace = sweeps.IdleGrace,
            RequestsKept = sweeps.Keeps ?? TimeSpan.FromHours(24),
            HandlesKept = sweeps.Keeps ?? TimeSpan.FromHours(24),
            RowsPerPage = sweeps.RowsPerPage,
            ClockError = _plan.Clocks.Apart,
        }),
    });

    private Verdict Judge()
    {
        Exception? failure = null;
        try
        {
            _world.Tell("world", $"seed {_world.Seed}: {_plan}{_upkeep}");
            _world.Run(PlayAsync);
        }
        catch (Exception caught) when (caught is WorldStuckException or InvalidOperationException or InvariantViolationException)
        {
            failure = caught;
        }

        var history = _cluster.Recorder.History(settled: failure is null) with { Doubled = _cluster.Network.Doubled };
        var violations = ImmutableArray<Violation>.Empty;
        try
        {
            violations = [.. AllLaws.Judge(history, _plan)];
        }
        catch (InvalidOperationException caught)
        {
            // A world that cannot be judged is none that is lawful.
            failure ??= caught;
        }

        return new()
        {
            Seed = _world.Seed,
            Plan = _plan,
            Trace = _world.Trace.Value,
            Steps = _world.Step,
            Elapsed = _world.Elapsed,
            History = history,
            Violations = violations,
            Failure = failure,
            Story = _world.Story,
            Faults = _faults.Report,
        };
    }

    private async Task PlayAsync()
    {
        var clients = _world.NewLane("clients");
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        clients.Post(_ => _ = FollowAsync(done, clients), null);
        await done.Task;
    }

    private async Task FollowAsync(TaskCompletionSource done, Lane clients)
    {
        try
        {
            var desk = new Operator(Caller("operator", clients), _plan, "kept");
            await desk.SetUpAsync();
            _faults.IsOn = true;
            var work = Task.WhenAll(Everybody(desk, clients));
            await Task.WhenAny(work, Task.Delay(_plan.Heals, clients.Clock));
            _cluster.Heal();
            await work;
            await LullAsync(clients);
            await new RollCall(_cluster, _plan, clients).WorkAsync();
            await Task.Delay(Quiet, clients.Clock);
            done.SetResult();
        }
        catch (Exception failure)
        {
            done.SetException(failure);
        }
    }

    private IEnumerable<Task> Everybody(Operator desk, Lane clients)
    {
        var other = new Operator(Caller("colleague", clients), _plan, "held");
        var runtimes = _plan.Hosts.ToDictionary(host => host, host => new ContainerRuntime(Caller($"{host}-runtime", clients), _plan, host));
        var disasters = new Disasters(_cluster, _plan, clients);
        return
        [
            _plan.Flurries ? desk.WorkTogetherAsync(other) : desk.WorkAsync(),
            new Claimer(Caller("claimer", clients), _plan).WorkAsync(),
            new Router(Caller("router", clients), _plan).WorkAsync(),
            new Restoration(_cluster, _plan, clients, name => Caller(name, clients)).WorkAsync(),
            disasters.GoBackAsync(), disasters.FailOverAsync(), new RollingUpgrade(_cluster, _plan, clients).WorkAsync(), disasters.TroubleAsync(), disasters.CutAsync(),
            .. _plan.Hosts.Select(host => runtimes[host].WorkAsync()),
            .. from host in _plan.Hosts
               from number in Enumerable.Range(1, _plan.PodsPerHost)
               let name = $"{host}-p{number}"
               select new Pod(Caller(name, clients), _plan, runtimes[host], host, name).LiveAsync(),
        ];
    }

    private Caller Caller(string name, Lane clients) => new(_cluster, clients, name);

    /// <summary>Faults for those who work unasked, while nobody waits for an answer.</summary>
    private async Task LullAsync(Lane clients)
    {
        if (_plan.Lull > TimeSpan.Zero)
        {
            _faults.IsOn = true;
            await Task.Delay(_plan.Lull, clients.Clock);
            _cluster.Heal();
        }
    }
}
