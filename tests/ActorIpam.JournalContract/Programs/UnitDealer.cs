using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;

namespace ActorIpam.JournalContract.Programs;

/// <summary>Deals units that meet: most fit the state they are dealt for, the others are stale, foreign, twins, repeats or nonsense.</summary>
internal sealed class UnitDealer(Dice dice)
{
    private readonly GuardDealer _guards = new(dice);
    private readonly ViewDealer _views = new(dice);
    private readonly List<Unit> _dealt = [];
    private int _tick;

    /// <summary>A batch for a journal in this state. Its units see the batch's start or what earlier units of the batch leave behind.</summary>
    public async Task<ImmutableArray<Unit>> BatchAsync(JournalState start)
    {
        var batch = ImmutableArray.CreateBuilder<Unit>();
        var ahead = new MemoryJournal(start);
        for (var count = 1 + dice.Below(5); count > 0; count--)
        {
            var unit = Next(dice.Percent(60) ? ahead.Snapshot() : start);
            batch.Add(unit);
            await ahead.AppendAsync([unit]);
        }

        return batch.ToImmutable();
    }

    private Unit Next(JournalState state)
    {
        if (_dealt.Count > 0 && dice.Percent(12))
        {
            return _dealt[dice.Below(_dealt.Count)];
        }

        var unit = dice.Percent(10) ? Question(state) : Fresh(state);
        // By its events a journal knows a unit that comes again. One that changes views without them would change them twice, and members send none such again.
        if (!unit.Appends.IsEmpty || unit.Views.IsEmpty)
        {
            _dealt.Add(unit);
        }

        return unit;
    }

    private Unit Question(JournalState state) => new(dice.Commit()) { At = Now(), Member = "m1", Fences = Fences(state, 4) };

    private Unit Fresh(JournalState state)
    {
        var now = Now();
        var views = dice.Percent(70) ? _views.Some(state, now) : [];
        // As members do it: who assigns or releases moves the block's head, who writes its past anew fences it, so that no two such units meet unordered.
        var moved = BlocksOf<IpamViewChange.AddressHeld>(views, static held => held.Row.Ip).Union(BlocksOf<IpamViewChange.AddressFreed>(views, static freed => freed.Ip)).ToList();
        var rewritten = BlocksOf<IpamViewChange.HoldingRetold>(views, static retold => retold.Ip).Union(BlocksOf<IpamViewChange.AttributesRedacted>(views, static redacted => redacted.Ip));
        var appended = dice.Some(Universe.Journaled, 3);
        var fences = dice.Percent(50) ? Fences(state, 2) : [];
        // Now and then a unit contradicts itself.
        var raised = dice.Percent(2) ? dice.Some(Universe.Streams, 3) : dice.Some(Universe.Raised, 2);
        return new(dice.Commit())
        {
            At = now,
            Member = dice.Percent(50) ? "m1" : "member-2",
            Appends = [.. appended.Union(moved).Select(stream => Append(state, stream))],
            Fences = [.. fences, .. rewritten.Except([.. appended, .. moved, .. fences.Select(static fence => fence.Stream)]).Select(stream => new Fence(stream, state.HeadOf(stream)))],
            Raises = raised,
            Guards = dice.Percent(50) ? _guards.Some() : [],
            Views = views,
        };
    }

    private static ImmutableArray<StreamId> BlocksOf<TChange>(ImmutableArray<ViewChange> views, Func<TChange, IpAddress> ip)
        where TChange : ViewChange => [.. views.OfType<TChange>().Select(change => Streams.Block(Universe.BlockOf(ip(change)))).Distinct()];

    private DateTimeOffset Now() => Universe.Moment(1_000 + _tick++);

    private Append Append(JournalState state, StreamId stream) =>
        new(stream, Expected(state, stream), 1 + dice.Below(3), $$"""[{"type":"sample","tick":{{_tick}},"text":"ü \" {{dice.Below(1000)}}"}]""");

    private ImmutableArray<Fence> Fences(JournalState state, int most) =>
        [.. dice.Some(Universe.Streams, most).Select(stream => new Fence(stream, Expected(state, stream)))];

    private Head Expected(JournalState state, StreamId stream)
    {
        var head = state.HeadOf(stream);
        return dice.Below(100) switch
        {
            < 91 => head,
            < 94 => head with { Commit = dice.Commit() },
            < 96 => Head.None,
            < 98 => new(head.Version + 1, dice.Commit()),
            _ => head.Version > 0 ? head with { Version = head.Version - 1 } : head,
        };
    }
}
