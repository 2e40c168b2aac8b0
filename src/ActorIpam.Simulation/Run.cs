using System.Collections.Immutable;
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
    private readonly World _world;
    private readonly WorldPlan _plan;
    private readonly Cluster _cluster;
    private readonly FaultPlan _faults;
    private readonly UpkeepPlan _upkeep;

    private Run(ulong seed, Func<Func<IJournal, IJournal>>? aroundJournal)
    {
        _world = new(seed);
        var dice = _world.Dice("plan");
        _plan = WorldPlan.Draw(dice);
        _faults = new(_plan.Faults, _world.Dice("faults"));
        // Dice of its own: what keeps streams short must not change the worlds in which nothing does.
        _upkeep = UpkeepPlan.Draw(_world.Dice("upkeep of the journal"), _faults);
        var store = new SimulatedStore(_world, _faults) { Upkeep = _upkeep };
        var shape = aroundJournal?.Invoke() ?? (journal => journal);
        _cluster = new(_world, store, new(_world, store), [.. Enumerable.Range(1, _plan.Members).Select(number =>
            new SimulatedMember(_world, store, $"m{number}", new() { Skew = dice.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(400)) - TimeSpan.FromMilliseconds(200), AroundJournal = shape, Options = _upkeep.Options }))])
        { Duplicates = _plan.Duplicates };
    }

    /// <summary>Plays a seed. The same seed gives the same verdict, step for step.</summary>
    /// <param name="seed">Draws the world and everything that happens in it.</param>
    /// <param name="aroundJournal">Wraps the journal of each member: where tests plant faults of the port.</param>
    public static Verdict Of(ulong seed, Func<Func<IJournal, IJournal>>? aroundJournal = null) => new Run(seed, aroundJournal).Judge();

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

        var history = _cluster.Recorder.History(settled: failure is null);
        return new()
        {
            Seed = _world.Seed,
            Trace = _world.Trace.Value,
            Steps = _world.Step,
            Elapsed = _world.Elapsed,
            History = history,
            Violations = [.. AllLaws.Judge(history, _plan)],
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
            var (desk, other) = (new Operator(new(_cluster, clients, "operator"), _plan, "kept"), new Operator(new(_cluster, clients, "colleague"), _plan, "held"));
            await desk.SetUpAsync();
            _faults.IsOn = true;
            ImmutableArray<Task> everybody = [_plan.Flurries ? desk.WorkTogetherAsync(other) : desk.WorkAsync(), new Claimer(new(_cluster, clients, "claimer"), _plan).WorkAsync(), GoBackAsync(clients), .. Pods(clients).Select(pod => pod.LiveAsync()), TroubleAsync(clients)];
            var work = Task.WhenAll(everybody);
            await Task.WhenAny(work, Task.Delay(_plan.Heals, clients.Clock));
            _cluster.Heal();
            await work;
            await Task.Delay(TimeSpan.FromSeconds(30), clients.Clock);
            done.SetResult();
        }
        catch (Exception failure)
        {
            done.SetException(failure);
        }
    }

    private IEnumerable<Pod> Pods(Lane clients) =>
        from host in _plan.Hosts
        from number in Enumerable.Range(1, _plan.PodsPerHost)
        let name = $"{host}-p{number}"
        select new Pod(new(_cluster, clients, name), _plan, host, name);

    /// <summary>Once, the store is an older one of itself, as after the restore of a backup.</summary>
    private async Task GoBackAsync(Lane clients)
    {
        var dice = _world.Dice("going back");
        var setUp = _cluster.Store.Commits.Count;
        if (!_plan.GoesBack)
        {
            return;
        }

        await Task.Delay(dice.Between(TimeSpan.Zero, _plan.Heals / 2), clients.Clock);
        var lost = dice.Next(Math.Min(12, _cluster.Store.Commits.Count - setUp) + 1);
        if (_faults.IsOn && lost > 0)
        {
            _cluster.Store.GoBack(lost);
        }
    }

    /// <summary>Crashes and pauses at instants that no fault point names.</summary>
    private async Task TroubleAsync(Lane clients)
    {
        var dice = _world.Dice("troubles");
        for (var i = 0; i < _plan.Troubles; i++)
        {
            await Task.Delay(dice.Between(TimeSpan.Zero, TimeSpan.FromSeconds(4)), clients.Clock);
            if (!_faults.IsOn)
            {
                return;
            }

            var member = dice.OneOf(_cluster.Members);
            if (dice.Next(2) == 0)
            {
                member.Crash();
            }
            else
            {
                member.Pause(dice.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(20)));
            }
        }
    }
}
