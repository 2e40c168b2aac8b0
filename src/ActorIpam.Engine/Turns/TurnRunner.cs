using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Actors;
using ActorIpam.Runtime.GroupCommit;

namespace ActorIpam.Engine.Turns;

/// <summary>Takes turns: plans commands on a draft, commits it as one unit, remembers and answers (design.md §3).</summary>
internal sealed class TurnRunner(Supplies supplies, MemberPorts ports, Committer committer, MemberOptions options)
{
    /// <summary>Takes turns until every command is answered.</summary>
    public async Task RunAsync(IReadOnlyList<Command> commands)
    {
        using var span = Tracing.Turn(commands);
        supplies.Counts.CountTurn();
        var turn = new Turn(commands);
        while (turn.Open.Count > 0)
        {
            try
            {
                if (await TakeAsync(turn) == Round.Lost)
                {
                    // Nothing is held meanwhile. The jitter keeps two members from meeting again and again.
                    await Task.Delay(TimeSpan.FromMilliseconds(2 + ports.Chance.Next(38)), ports.Time);
                }
            }
            catch (OperationCanceledException)
            {
                // The earliest deadline passed while the turn waited; whose time is left is planned again.
                turn.Expire(ports.Time.GetUtcNow());
            }
            catch (Exception failure)
            {
                // A turn that fails forgets what it held; whatever is wrong, nothing of it was remembered.
                supplies.Counts.CountFailedTurn(failure);
                turn.Forget();
                turn.Fail(failure as UnavailableException ?? Explain(failure));
            }
        }
    }

    /// <summary>Commits a unit that writes nothing. When it is over, what could be seen before it is as durable as anything that was ever answered, or it is gone.</summary>
    /// <exception cref="UnavailableException">The journal cannot commit.</exception>
    public async Task CommitNothingAsync()
    {
        if (await committer.CommitAsync(new(new(ports.Chance.NewId())) { At = ports.Time.Reading(), Member = options.Name }) is Outcome.Failed failed)
        {
            // Not "the storage is full", which promises that the request did nothing: what was read may be its own doing.
            throw new UnavailableException($"What was read could not be confirmed: {failed.Why}");
        }
    }

    public static Exception Explain(Exception failure) => failure switch
    {
        JournalUnavailableException => new UnavailableException($"The journal does not answer: {failure.Message}", cause: failure),
        UnreadableEventException => new UnavailableException($"A stream cannot be read by this member: {failure.Message}", cause: failure),
        _ => failure,
    };

    /// <summary>One round: gather, plan, and – when nothing is lacking – commit.</summary>
    private async Task<Round> TakeAsync(Turn turn)
    {
        turn.Expire(ports.Time.GetUtcNow());
        if (turn.Open.Count == 0)
        {
            return Round.Done;
        }

        if (turn.Needs.AreNone && supplies.Sights.Policy is { } known)
        {
            // Nothing has to be waited for, most often.
            using var free = new Hold();
            return await DecideAsync(turn, free, known);
        }

        using var deadline = turn.DeadlineFrom(ports.Time);
        if (turn.Needs.FullUntilCommit.Count > 0)
        {
            await CommitNothingAsync().WaitAsync(deadline.Token);
            turn.Needs.FullBeforeCommit.UnionWith(turn.Needs.FullUntilCommit);
            turn.Needs.FullUntilCommit.Clear();
        }

        await LookAtOwnersAsync(turn.Needs, deadline.Token);
        var policy = await supplies.Sights.PolicyAsync(deadline.Token);
        using var hold = await Entries.HoldAsync(turn.Needs.Held.Values, deadline.Token);
        await supplies.Entries.RefreshAsync([.. turn.Needs.Held.Values, .. turn.Needs.Read.Values], options.ReadsAtOnce, deadline.Token);
        turn.Needs.Room ??= await LookForRoomAsync(turn.Needs, deadline.Token);
        return await DecideAsync(turn, hold, policy);
    }

    /// <summary>Plans on what was gathered and, when nothing is lacking, commits.</summary>
    private async Task<Round> DecideAsync(Turn turn, Hold hold, PolicySight policy)
    {
        // The newest catalog known, never an older one than the owners were seen with.
        var draft = new Draft(supplies, turn.Needs, supplies.Sights.Policy ?? policy, hold, ports.Time.Reading());
        var drafted = turn.Plan(draft, options.AddressesPerUnit);
        if (drafted.Count == 0)
        {
            turn.CountRound(options.RoundsPerTurn);
            return Round.Done;
        }

        return await CommitAsync(turn, drafted, draft, hold);
    }

    private async Task LookAtOwnersAsync(Needs needs, CancellationToken cancellation)
    {
        foreach (var owner in needs.Owners)
        {
            await supplies.Sights.OwnerAsync(owner, cancellation);
        }
    }

    private async Task<RoomSnapshot?> LookForRoomAsync(Needs needs, CancellationToken cancellation)
    {
        if (needs.Walks.Count == 0)
        {
            return null;
        }

        var walks = needs.Walks.Values.ToImmutableArray();
        var heads = needs.WalkedPools.Append(Streams.Policy)
            .Concat(needs.Owners.SelectMany(static owner => new[] { Streams.Node(owner.Name), Streams.Host(owner) })).Distinct().ToImmutableArray();
        var sight = await ports.Views.RoomAsync(new(walks, needs.MostOfWalk, heads), cancellation);
        return new(
            walks.Select((walk, i) => (walk.Range, Seen: sight.Walks[i])).ToDictionary(static pair => pair.Range, static pair => pair.Seen),
            heads.Select((stream, i) => (stream, Head: sight.Heads[i])).ToDictionary(static pair => pair.stream, static pair => pair.Head));
    }

    private async Task<Round> CommitAsync(Turn turn, List<Command> drafted, Draft draft, Hold hold)
    {
        var unit = draft.ToUnit(new(ports.Chance.NewId()), options.Name);
        if (unit is null)
        {
            turn.Settle(drafted);
            return Round.Done;
        }

#if PLANTED_BUGS
        if (Planted.Is("answers-not-fenced") && unit.Unit.IsQuestion)
        {
            turn.Settle(drafted);
            return Round.Done;
        }

        if (Planted.Is("answer-before-the-commit"))
        {
            drafted.ForEach(static command => command.Settle());
        }

#endif
        await ports.Faults.PassAsync(FaultPoint.UnitDecided);
        using var span = Tracing.Commit(unit.Unit);
        var outcome = await committer.CommitAsync(unit.Unit, () => MarkDoubtful(hold));
        Tracing.Note(span, outcome);
        switch (outcome)
        {
            case Outcome.Won or Outcome.AlreadyMine:
                Remember(unit);
                await ports.Faults.PassAsync(FaultPoint.UnitRemembered);
                turn.Settle(drafted);
                return Round.Done;
            case Outcome.Lost lost:
                supplies.Counts.CountRepeatedDecision();
                ForgetMoved(lost.Moved, turn);
                turn.Needs.Room = null;
                turn.Needs.FullBeforeCommit.Clear();
                turn.CountLoss(lost.Moved, unit.Unit, drafted, options);
                return Round.Lost;
            case Outcome.Refused refused:
                Refuse(turn, unit, refused);
                return Round.Done;
            case Outcome.Failed failed:
                Forget(unit);
                throw Failure(failed);
            default:
                throw new InvalidOperationException($"A commit ended with {outcome.GetType().Name}.");
        }
    }

    private enum Round
    {
        Done,
        Lost,
    }

    private static void MarkDoubtful(Hold hold)
    {
        foreach (var entry in hold.Entries)
        {
            entry.IsDoubtful = true;
        }
    }

    private void Remember(DraftedUnit unit)
    {
        supplies.Counts.CountCommitted(unit.Changes);
        foreach (var change in unit.Changes)
        {
            change.Remember(unit.Unit.Commit);
        }

        foreach (var owner in unit.Raised)
        {
            supplies.Sights.Forget(owner);
        }
    }

    private static void Forget(DraftedUnit unit)
    {
        foreach (var change in unit.Changes)
        {
            switch (change)
            {
                case BlockChange block:
                    block.Entry.MarkStale();
                    break;
                case PoolChange pool:
                    pool.Entry.MarkStale();
                    break;
            }
        }
    }

    /// <summary>Some heads moved: everything that was known about them is looked at again.</summary>
    private void ForgetMoved(ImmutableArray<StreamId> moved, Turn turn)
    {
#if PLANTED_BUGS
        if (Planted.Is("loss-keeps-the-memory"))
        {
            return;
        }

#endif
        foreach (var stream in moved)
        {
            supplies.Entries.Find(stream)?.MarkStale();
            turn.Needs.Known(stream)?.MarkStale();
            if (stream == Streams.Policy)
            {
                supplies.Sights.ForgetPolicy();
            }
        }

        if (moved.Any(static stream => stream.Value.StartsWith("node/", StringComparison.Ordinal) || stream.Value.StartsWith("host/", StringComparison.Ordinal)))
        {
            foreach (var owner in turn.Needs.Owners)
            {
                supplies.Sights.Forget(owner);
            }
        }
    }

    private static void Refuse(Turn turn, DraftedUnit unit, Outcome.Refused refused)
    {
#if PLANTED_BUGS
        if (Planted.Is("a-batch-is-refused-as-one"))
        {
            var no = (IpamGuardRefusal)refused.Guards[0].Why;
            foreach (var guarded in unit.GuardedCommands.Where(turn.Open.Contains).Distinct().ToArray())
            {
                _ = turn.Open.Remove(guarded) && guarded.Refuse(no);
            }

            return;
        }

#endif
        var byCommand = refused.Guards.GroupBy(guard => unit.GuardedCommands[guard.Index], static guard => (IpamGuardRefusal)guard.Why);
        foreach (var refusals in byCommand)
        {
            if (refusals.Key.Refuse(refusals.OrderBy(Precedence).First()))
            {
                turn.Open.Remove(refusals.Key);
            }
        }

        turn.ClearLosses();
    }

    /// <summary>A closed handle is judged first; then a known request gets its grant, even when the handle is full – full with that grant.</summary>
    private static int Precedence(IpamGuardRefusal refusal) => refusal switch
    {
        IpamGuardRefusal.HandleIsClosed => 0,
        IpamGuardRefusal.RequestKnown => 1,
        _ => 2,
    };

    /// <summary>What a commit that certainly did not happen means for who asked.</summary>
    public static Exception Failure(Outcome.Failed failed) => failed.Fault switch
    {
        JournalFault.StorageFull => new UnavailableException($"The journal's storage is full: {failed.Why}") { StorageIsFull = true },
        JournalFault.Unreachable => new UnavailableException($"The journal does not take writes: {failed.Why}"),
        _ => new InvariantViolationException("INV-7", failed.Why),
    };
}
