using System.Collections.Immutable;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using ActorIpam.Engine.Recovering;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Kernel;
using ActorIpam.Simulation.Members;

namespace ActorIpam.Simulation.Journal;

/// <summary>The database of a simulated world: one store that all members share, and a log of what became true when.</summary>
/// <remarks>
/// It keeps the port's word that a definite outcome is final: a copy of a unit that arrives late, after the unit was answered with "lost" or "refused",
/// is dropped: the session it comes over was ended before the unit was sent again (docs/decisions/0026).
/// </remarks>
public sealed class SimulatedStore(World world, FaultPlan faults)
{
    private readonly MemoryJournal _journal = new();
    private readonly HashSet<CommitId> _doubtful = [];
    private readonly HashSet<CommitId> _awaited = [];
    private readonly HashSet<CommitId> _settled = [];
    private readonly List<Commit> _commits = [];
    private readonly List<Commit> _lost = [];
    private TimeSpan _stalledUntil;
    private MemoryMemberTable? _members;
    private Replication? _replication;

    /// <summary>The store's own process: what was sent is written even when its sender has died.</summary>
    public Lane Lane { get; } = world.NewLane("store");

    public FaultPlan Faults => faults;

    /// <summary>The network between members and the store; null when nothing can be cut.</summary>
    public SimulatedNetwork? Network { get; init; }

    /// <summary>The table through which members know of each other. What became of the journal is nothing to it.</summary>
    internal MemoryMemberTable Members => _members ??= new(Lane.Clock, () => _journal.Snapshot().HeadOf(Streams.Catalog));

    public IReadOnlyList<Commit> Commits => _commits;

    /// <summary>What had become true and was forgotten when a backup was restored.</summary>
    public IReadOnlyList<Commit> Lost => _lost;

    /// <summary>The standby that commits wait for.</summary>
    public Replication Replication => _replication ??= new(world, this);

    /// <summary>How streams are kept short in this world, and what goes wrong with it.</summary>
    public UpkeepPlan Upkeep { get; init; } = UpkeepPlan.None;

    /// <summary>The releases that its members run.</summary>
    public Releases Releases { get; init; } = Releases.One;

    /// <summary>When the store went back to an older state; null while it never did.</summary>
    public long? WentBackAt { get; private set; }

    /// <summary>What is stored now.</summary>
    public JournalState State => _journal.Snapshot();

    internal MemoryJournal Journal => _journal;

    /// <summary>How long a message that leaves now has to wait for a store that stands still.</summary>
    internal TimeSpan Stalled => _stalledUntil > world.Elapsed ? _stalledUntil - world.Elapsed : TimeSpan.Zero;

    /// <summary>When the last of what left while it stood still has reached it, though it may have been woken before; zero if it never stood still.</summary>
    internal TimeSpan KeepsUntil { get; private set; }

    /// <summary>It stands still: what leaves from now on reaches it no sooner than that.</summary>
    public void Stall(TimeSpan length)
    {
        _stalledUntil = world.Elapsed + length;
        KeepsUntil = _stalledUntil > KeepsUntil ? _stalledUntil : KeepsUntil;
        Lane.Tell($"stands still for {length.TotalSeconds:0.0} s");
    }

    /// <summary>Forgets its latest units, acknowledged or not, as the restore of a backup does, and goes on from there.</summary>
    internal void GoBack(int units)
    {
        Forget(_commits.Count - units);
        WentBackAt = world.Step;
        Lane.Tell($"goes back by {units} units");
    }

    /// <summary>Its latest units are lost; a backup without them is restored, as <c>ipamctl restore</c> does it: with the event that begins a recovery, in the step in which it is visible.</summary>
    internal void Restore(int units, CommitId begins)
    {
        _lost.AddRange(_commits.GetRange(_commits.Count - units, units));
        GoBack(units);
        var (schema, events) = IpamRecovery.Beginning(_commits[^1].At, world.Now);
        Judge(new Unit(begins)
        {
            At = world.Now,
            Member = "restore",
            Appends = [new(Streams.Catalog, State.HeadOf(Streams.Catalog), schema, events)],
            Raises = [Streams.Policy],
        });
    }

    internal void Wake() => _stalledUntil = TimeSpan.Zero;

    /// <summary>The sender is told "unknown": from now on nobody may say that these were certainly not written, but by judging them.</summary>
    internal void Doubt(ImmutableArray<Unit> batch) => _doubtful.UnionWith(batch.Select(unit => unit.Commit));

    internal bool IsDoubtful(ImmutableArray<Unit> batch) => batch.Any(unit => _doubtful.Contains(unit.Commit));

    /// <summary>Somebody sends these, and waits for what became of them.</summary>
    internal void Await(ImmutableArray<Unit> batch) => _awaited.UnionWith(batch.Select(unit => unit.Commit));

    /// <summary>The sender knows what became of them, but for those that are unknown: he will ask again.</summary>
    internal void Hears(ImmutableArray<Unit> batch, ImmutableArray<Outcome> outcomes) =>
        _awaited.ExceptWith(batch.Zip(outcomes).Where(pair => pair.Second is not Outcome.Unknown).Select(pair => pair.First.Commit));

    /// <summary>
    /// Cuts old rows, as far as nobody waits to hear what became of them. Real rows are kept for a day and more, so that nobody does; worlds, which are short, keep them for moments.
    /// </summary>
    internal async ValueTask<int> CutAsync(StreamId stream, Head covered, DateTimeOffset before, int most)
    {
        var awaited = State.Rows.GetValueOrDefault(stream)?.Values.FirstOrDefault(row => _awaited.Contains(row.Commit));
        return await _journal.CutAsync(stream, covered, awaited is { At: var at } && at < before ? at : before, most, CancellationToken.None);
    }

    /// <summary>A batch arrives. Its outcomes are told at once, when the standby has it, or never.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="told">Hears the outcomes, or null when the connection breaks.</param>
    internal void Submit(ImmutableArray<Unit> batch, Action<ImmutableArray<Outcome>?> told)
    {
        if (Replication.Holds(batch))
        {
            Replication.Take(batch, told);
        }
        else
        {
            told(Judge(batch));
        }
    }

    /// <summary>A late copy arrives, to whose outcome nobody listens: what was settled meanwhile is not judged again.</summary>
    internal void SubmitLate(ImmutableArray<Unit> batch)
    {
        ImmutableArray<Unit> open = [.. batch.Where(unit => !_settled.Contains(unit.Commit))];
        if (!open.IsEmpty)
        {
            Submit(open, static _ => { });
        }
    }

    /// <summary>Is what it was before all units but so many.</summary>
    /// <returns>The others.</returns>
    internal ImmutableArray<Commit> Forget(int kept)
    {
        ImmutableArray<Commit> gone = [.. _commits.Skip(kept)];
        if (!gone.IsEmpty)
        {
            _commits.RemoveRange(kept, gone.Length);
            _journal.Restore(_commits[^1].After);
        }

        return gone;
    }

    /// <summary>Judges the units one after the other, so that the state behind each of them is known.</summary>
    internal ImmutableArray<Outcome> Judge(ImmutableArray<Unit> batch) => [.. batch.Select(Judge)];

    private Outcome Judge(Unit unit)
    {
        var outcome = _journal.AppendAsync([unit]).AsTask().GetAwaiter().GetResult()[0];
        Note(unit, outcome);
        return outcome;
    }

    private void Note(Unit unit, Outcome outcome)
    {
        switch (outcome)
        {
            case Outcome.Won when unit.IsQuestion:
                Releases.Asked(world.Step, unit);
                break;
            case Outcome.Won:
                _commits.Add(new(world.Step, world.Now, unit, State));
                Lane.Tell($"{unit.Member} {Flow.Of(unit)} {Told.Of(unit)}");
                break;
            case Outcome.Lost lost:
                _settled.Add(unit.Commit);
                Lane.Tell($"{unit.Member} {Flow.Of(unit)} lost by {string.Join(", ", lost.Moved)}");
                break;
            case Outcome.Refused refused:
                _settled.Add(unit.Commit);
                Lane.Tell($"{unit.Member} {Flow.Of(unit)} refused: {string.Join(", ", refused.Guards.Select(guard => guard.Why.GetType().Name))}");
                break;
            case Outcome.Failed { Fault: JournalFault.BrokenInvariant } broken:
                world.Fail(new InvariantViolationException("INV-1", $"The store refused a unit of {unit.Member}: {broken.Why} {Told.Of(unit)}"));
                break;
        }
    }
}
