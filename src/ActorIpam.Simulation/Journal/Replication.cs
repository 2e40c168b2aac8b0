using System.Collections.Immutable;
using ActorIpam.Engine;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Journal;

/// <summary>The standby that every commit waits for, and what becomes of the store while nothing reaches it (docs/decisions/0011).</summary>
/// <remarks>
/// What PostgreSQL does under strict synchronous replication: a commit that waits for its standby is in the log of the primary, holds its locks and is seen by nobody.
/// It is seen, and still answered to nobody, when the primary was restarted in place or the wait was cancelled. A standby that takes over has a part of that log from its
/// beginning, mostly none of it. Even an answer that writes nothing waits, so that nothing that rests on what was seen is told before the standby has it.
/// </remarks>
/// <param name="world">Whose time it is.</param>
/// <param name="store">The primary.</param>
public sealed class Replication(World world, SimulatedStore store)
{
    /// <summary>After so long a sender gives up a batch that waits for a lock; one that is written waits on without him.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<Sent> _log = [];
    private readonly List<Sent> _blocked = [];
    private readonly List<Shown> _lost = [];
    private int _replicated;
    private bool _partsAtChange;

    /// <summary>Nothing reaches the standby: commits wait.</summary>
    public bool IsParted { get; private set; }

    /// <summary>What members could read on the primary, and the standby that took over did not have.</summary>
    public IReadOnlyList<Shown> Lost => _lost;

    /// <summary>Batches that are written on the primary only.</summary>
    public int Unreplicated => _log.Count;

    private IEnumerable<Sent> Waiting => _log.Where(sent => !sent.IsShown);

    /// <summary>From now on commits wait.</summary>
    public void Part()
    {
        (IsParted, _partsAtChange, _replicated) = (true, false, store.Commits.Count);
        store.Lane.Tell("its standby is out of reach");
    }

    /// <summary>From the next change of the catalog on commits wait: it comes first, where others would keep it from being written.</summary>
    public void PartAtNextChange() => _partsAtChange = true;

    /// <summary>Whether a batch that arrives now waits.</summary>
    internal bool Holds(ImmutableArray<Unit> batch)
    {
        if (_partsAtChange && batch.Any(unit => unit.Appends.Any(append => append.Stream == Streams.Catalog)))
        {
            Part();
        }

        return IsParted;
    }

    /// <summary>A batch arrives while commits wait: it is written and waits, or waits for the locks of one that does.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="told">Hears the outcomes when the standby is back, or null when the connection breaks.</param>
    internal void Take(ImmutableArray<Unit> batch, Action<ImmutableArray<Outcome>?> told)
    {
        var sent = new Sent(batch, UnitLocks.Of(batch), told, world.Elapsed);
        if (_blocked.Concat(Waiting).Any(earlier => earlier.Locks.Exclude(sent.Locks)))
        {
            _blocked.Add(sent);
            return;
        }

        Wait(sent);
    }

    /// <summary>The primary is restarted in place: whatever is in its log is seen from now on, and every connection breaks.</summary>
    public void Restart()
    {
        store.Lane.Tell($"its primary is restarted; {Waiting.Count()} batches are seen that no standby has");
        var broken = Waiting.Concat(_blocked).ToList();
        _blocked.Clear();
        foreach (var sent in Waiting.ToList())
        {
            Show(sent);
        }

        broken.ForEach(sent => sent.Told(null));
    }

    /// <summary>Somebody cancels one wait: the server says success with a warning, which nobody may take for one.</summary>
    /// <returns>False when nothing waits.</returns>
    public bool Cancel(Dice dice)
    {
        var waiting = Waiting.ToList();
        if (waiting.Count == 0)
        {
            return false;
        }

        var cancelled = dice.OneOf(waiting);
        store.Lane.Tell($"the wait of {Flow.Of(cancelled.Batch)} is cancelled");
        Show(cancelled);
        cancelled.Told(null);
        Admit();
        return true;
    }

    /// <summary>The standby is back and has everything: what waited is true, and told to whoever still listens.</summary>
    public void Rejoin()
    {
        _partsAtChange = false;
        if (!IsParted)
        {
            return;
        }

        store.Lane.Tell("its standby is back");
        var (waiting, blocked) = (Waiting.ToList(), _blocked.Where(IsPatient).ToList());
        End();
        foreach (var sent in waiting.Concat(blocked))
        {
            sent.Told(store.Judge(sent.Batch));
        }
    }

    /// <summary>The standby takes over. It has so many of the batches that are written on the primary only, from the first on.</summary>
    public void FailOver(int kept)
    {
        var shown = store.Forget(_replicated);
        store.Lane.Tell($"its standby takes over with {kept} of {_log.Count} batches; {shown.Length} units vanish that were seen");
        var (had, broken) = (_log.Take(kept).ToList(), Waiting.Concat(_blocked).ToList());
        End();
        had.ForEach(sent => store.Judge(sent.Batch));
        var still = store.Commits.Skip(_replicated).Select(commit => commit.Unit.Commit).ToHashSet();
        foreach (var commit in shown)
        {
            _lost.Add(new(commit, world.Step));
            store.Faults.Met(Flow.Of(commit.Unit), still.Contains(commit.Unit.Commit) ? Fault.SeenAndKept : Fault.SeenAndLost);
        }

        broken.ForEach(sent => sent.Told(null));
    }

    private void End()
    {
        IsParted = false;
        _log.Clear();
        _blocked.Clear();
    }

    private void Wait(Sent sent)
    {
        store.Faults.Met(Flow.Of(sent.Batch), Fault.WaitsForStandby);
        store.Lane.Tell($"{sent.Batch[0].Member} {Flow.Of(sent.Batch)} waits for the standby");
        _log.Add(sent);
    }

    private void Show(Sent sent)
    {
        sent.IsShown = true;
        store.Judge(sent.Batch);
    }

    /// <summary>Locks were let go: who waited for them is written, in the order of arrival.</summary>
    private void Admit()
    {
        var arrived = _blocked.Where(IsPatient).ToList();
        _blocked.Clear();
        foreach (var sent in arrived)
        {
            if (_blocked.Concat(Waiting).Any(earlier => earlier.Locks.Exclude(sent.Locks)))
            {
                _blocked.Add(sent);
            }
            else
            {
                Wait(sent);
            }
        }
    }

    private bool IsPatient(Sent sent) => world.Elapsed - sent.At < Patience;

    private sealed record Sent(ImmutableArray<Unit> Batch, UnitLocks Locks, Action<ImmutableArray<Outcome>?> Told, TimeSpan At)
    {
        public bool IsShown { get; set; }
    }
}
