using ActorIpam.Engine;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.Forwarding;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Membership;
using ActorIpam.Simulation.Journal;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Members;

/// <summary>A whole member, production code, in a lane of its own. It can die between any two steps and start again on the same store.</summary>
public sealed class SimulatedMember
{
    private readonly World _world;
    private readonly SimulatedStore _store;
    private readonly MemberShape _shape;
    private readonly Lane _operator;
    private readonly Dice _dice;
    private readonly List<Action> _waiting = [];
    private Lane _lane;
    private Member? _member;
    private Presence? _presence;
    private bool _isStopped;

    public SimulatedMember(World world, SimulatedStore store, string name, MemberShape shape)
    {
        (_world, _store, _shape, Name) = (world, store, shape, name);
        _operator = world.NewLane($"{name}-starter");
        _dice = world.Dice($"network of {name}");
        _lane = world.NewLane(name);
        Skew = shape.Skew;
        Start();
    }

    public string Name { get; }

    /// <summary>How far its clock is off now; a restart does not mend it.</summary>
    public TimeSpan Skew { get; private set; }

    /// <summary>The protocol number of the release it runs.</summary>
    public int Number { get; private set; } = 1;

    /// <summary>The number it runs from its next start on: another one while it is down for an upgrade.</summary>
    public int NextNumber { get; private set; } = 1;

    public bool IsUp => _lane.IsAlive && _member is not null;

    /// <summary>It stops between two steps. What it awaited is dropped, who waited for it sees the connection break, and after a while it starts again.</summary>
    public void Crash()
    {
        if (!_lane.IsAlive)
        {
            return;
        }

        _lane.Tell("crashes");
        _lane.Crash();
        _member = null;
        foreach (var give in _waiting.ToArray())
        {
            give();
        }

        _waiting.Clear();
        _world.After(_dice.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(4)), _operator, Restart);
    }

    /// <summary>It is restarted with the release of another protocol number: asked to stop, in order, or killed.</summary>
    public void Upgrade(int number, bool inOrder)
    {
        _lane.Tell($"is upgraded to number {number}");
        NextNumber = number;
        (inOrder && IsUp ? (Action)Drain : Crash)();
    }

    /// <summary>It stops between two steps, and stays so until somebody begins it.</summary>
    public void Stop()
    {
        _isStopped = true;
        Crash();
    }

    /// <summary>It starts again after a stop.</summary>
    public void Begin()
    {
        _isStopped = false;
        Restart();
    }

    /// <summary>Stands still for a while, between two steps.</summary>
    public void Pause(TimeSpan length)
    {
        var paused = _lane;
        paused.Tell($"stands still for {length.TotalSeconds:0.0} s");
        paused.Pause();
        _world.After(length, _operator, paused.Resume);
    }

    /// <summary>Ends a pause at once.</summary>
    public void Resume()
    {
        _lane.Resume();
        _lane.Slowness = TimeSpan.Zero;
    }

    /// <summary>Somebody sets its clock.</summary>
    public void SetClock(TimeSpan skew)
    {
        _lane.Tell($"has its clock set to {skew.TotalSeconds:0.0} s");
        Skew = _lane.Clock.Skew = skew;
    }

    /// <summary>Everything it awaits comes back late, by up to so much each time, for a while.</summary>
    public void Starve(TimeSpan slowness, TimeSpan length)
    {
        var starved = _lane;
        starved.Tell($"is slow by {slowness.TotalMilliseconds:0} ms for {length.TotalSeconds:0.0} s");
        starved.Slowness = slowness;
        _world.After(length, _operator, () => starved.Slowness = TimeSpan.Zero);
    }

    /// <summary>It is asked to stop: takes nothing new, finishes what it has, ends, and after a while starts again.</summary>
    public void Drain()
    {
        if (!IsUp)
        {
            return;
        }

        var (lane, member) = (_lane, _member!);
        lane.Tell("drains");
        _member = null;
        lane.Post(_ => _ = DrainAsync(lane, member), null);
    }

    private async Task DrainAsync(Lane lane, Member member)
    {
        try
        {
            var leaves = _presence is { } presence && await presence.DrainAsync(CancellationToken.None) ? presence : null;
            await member.DisposeAsync();
            if (leaves is not null)
            {
                await leaves.LeaveAsync(CancellationToken.None);
            }
        }
        catch (JournalUnavailableException)
        {
            // Its row grows old.
        }
        catch (Exception failure)
        {
            _world.Fail(new InvalidOperationException($"INV-14: {Name} could not end in order: {failure.Message}", failure));
        }

        CrashIf(lane);
    }

    /// <summary>Asks it something over the network, from another lane.</summary>
    public async Task<Reply<T>> AskAsync<T>(Func<IpamDoor, Task<T>> question)
    {
        var answer = new TaskCompletionSource<Reply<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = false;
        Action broken = () => Later(() => answer.TrySetResult(new(default!, new($"The connection to {Name} broke."), ReachedNobody: !begun)));
        if (!IsUp)
        {
            broken();
            return await answer.Task;
        }

        _waiting.Add(broken);
        _world.After(Way(), _lane, () =>
        {
            // Who drains has closed its door by now.
            if (_member is { } member)
            {
                begun = true;
                _ = ServeAsync(member.Door, question, answer, broken);
            }
            else
            {
                _waiting.Remove(broken);
                broken();
            }
        });
        return await answer.Task;
    }

    /// <summary>What another member forwards arrives after a while, and is served if this one lives then; who asked hears of it, or of nothing.</summary>
    internal void Receive<T>(TimeSpan way, Func<ForwardedDoor, Task<T>> question, Action<T, Exception?> served) =>
        _world.After(way, _lane, () =>
        {
            if (_member is { } member)
            {
                _ = ServeForwardedAsync(member.Forwarded, question, served);
            }
            else
            {
                served(default!, new PeerSilentException("Nobody listens."));
            }
        });

    private async Task ServeForwardedAsync<T>(ForwardedDoor door, Func<ForwardedDoor, Task<T>> question, Action<T, Exception?> served)
    {
        try
        {
            served(await question(door), null);
        }
        catch (Exception no) when (no is UnavailableException or TooBusyException)
        {
            served(default!, no);
        }
        catch (Exception failure)
        {
            _world.Fail(new InvalidOperationException($"INV-14: {Name} answered nothing that was forwarded and let a {failure.GetType().Name} out: {failure.Message}", failure));
        }
    }

    private async Task ServeAsync<T>(IpamDoor door, Func<IpamDoor, Task<T>> question, TaskCompletionSource<Reply<T>> answer, Action broken)
    {
        try
        {
            var answered = await question(door);
            Later(() => answer.TrySetResult(new(answered, null)));
        }
        catch (UnavailableException unavailable)
        {
            Later(() => answer.TrySetResult(new(default!, unavailable)));
        }
        catch (TooBusyException busy)
        {
            Later(() => answer.TrySetResult(new(default!, new(busy.Message, busy.RetryAfter))));
        }
        catch (Exception failure)
        {
            _world.Fail(new InvalidOperationException($"INV-14: the door of {Name} answered nothing and let a {failure.GetType().Name} out: {failure.Message}", failure));
        }

        _waiting.Remove(broken);
    }

    private void Later(Action deliver) => _world.After(Way(), _operator, deliver);

    private TimeSpan Way() => _dice.Between(TimeSpan.FromMicroseconds(10), TimeSpan.FromMilliseconds(2));

    private void Restart()
    {
        if (_isStopped || _lane.IsAlive)
        {
            return;
        }

        _lane = _world.NewLane(Name);
        Start();
    }

    private void Start()
    {
        var lane = _lane;
        Number = NextNumber;
        (lane.Clock.Skew, lane.Clock.Drift) = (Skew, _shape.Drift);
        _shape.Network?.Join(this);
        lane.Post(_ => _ = StartAsync(lane), null);
    }

    /// <summary>Joins the others first, as often as it takes.</summary>
    private async Task StartAsync(Lane lane)
    {
        try
        {
            var journal = new SimulatedJournal(_store, Name, lane, () => CrashIf(lane), Number);
            var views = new SimulatedViews(_store, Name, lane);
            var presence = _shape.Network is null ? null : await new SimulatedMemberTable(_store, Name, lane).JoinAsync(Number);
            var ports = new MemberPorts(_shape.AroundJournal(journal), views, lane.Clock, lane.Chance)
            {
                Due = _shape.Sweeps ? views : null,
                Upkeep = _store.Upkeep.IsOn ? journal : null,
                Faults = new SimulatedFaultPoints(_store, lane, () => CrashIf(lane)),
                Cluster = presence is null ? null : new(presence, _shape.Network!.PeersOf(Name, lane)),
            };
            _presence = presence;
            _member = Member.Start(ports, _shape.Options(Name));
        }
        catch (Exception failure)
        {
            _world.Fail(new InvalidOperationException($"INV-14: {Name} could not start: {failure.Message}", failure));
        }
    }

    private void CrashIf(Lane lane)
    {
        if (lane == _lane)
        {
            _world.After(TimeSpan.Zero, _operator, Crash);
        }
    }
}
