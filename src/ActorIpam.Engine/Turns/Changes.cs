using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Actors;

namespace ActorIpam.Engine.Turns;

/// <summary>The tentative future of one stream: the state it was read in and the events that would follow.</summary>
internal abstract record Change(StreamId Stream, Head Expected)
{
    public abstract bool HasEvents { get; }

    public abstract Append ToAppend();

    /// <summary>The changes of views that go with the events.</summary>
    /// <param name="clock">When the unit was decided.</param>
    public abstract IEnumerable<ViewChange> ToViews(DateTimeOffset clock);

    /// <summary>Takes the future over as the present: the unit was written.</summary>
    public abstract void Remember(CommitId commit);
}

/// <summary>The tentative future of a block.</summary>
internal sealed record BlockChange(Entry<Block, BlockEvent> Entry, Block Before, Head Head) : Change(Entry.Id, Head)
{
    public Block Now { get; private init; } = Before;

    public ImmutableList<BlockEvent> Events { get; private init; } = [];

    public ImmutableList<ViewChange> Addresses { get; private init; } = [];

    /// <summary>Ordinals assigned or released by this unit: each at most once, or (address, generation) would not be unique.</summary>
    public ImmutableHashSet<int> Touched { get; private init; } = [];

    /// <summary>Why the block was claimed in this unit, for its history: the event of the pool says it.</summary>
    public string ClaimedFor { get; init; } = "";

    /// <summary>The version the block will have, and the generation of what it assigns.</summary>
    public long NextVersion => Expected.Version + 1;

    public override bool HasEvents => !Events.IsEmpty;

    /// <summary>This unit closes the block: it is nobody's, and can be claimed, from the next one on.</summary>
    public bool IsClosedHere => Before.IsOpen && !Now.IsOpen;

    public BlockChange With(BlockEvent fact) => this with { Now = Now.Apply(fact), Events = Events.Add(fact) };

    public BlockChange Assign(BlockEvent.AddressAssigned fact, AddressRow row) =>
        With(fact) with { Addresses = Addresses.Add(new IpamViewChange.AddressHeld(row)), Touched = Touched.Add(fact.Ordinal) };

    public BlockChange Release(BlockEvent.AddressReleased fact) => With(fact) with
    {
        Addresses = Addresses.Add(new IpamViewChange.AddressFreed(Now.AddressAt(fact.Ordinal), fact.Generation, Now.Pool, fact.ReleasedAt, fact.Why)),
        Touched = Touched.Add(fact.Ordinal),
    };

    public override Append ToAppend() => new(Stream, Expected, Entry.Codec.Schema, Entry.Codec.Write(Events));

    public override IEnumerable<ViewChange> ToViews(DateTimeOffset clock)
    {
        foreach (var address in Addresses)
        {
            yield return address;
        }

        if (Now.IsOpen)
        {
            yield return new IpamViewChange.BlockStands(Now.Row(NextVersion));
        }
        else if (IsClosedHere)
        {
            yield return new IpamViewChange.BlockGone(Now.Range);
        }

        if (Passed(clock) is { } passed)
        {
            yield return passed;
        }
    }

    public override void Remember(CommitId commit) => Entry.Remember(Now, Expected.Next(commit));

    /// <summary>Whose the block is, when that or its pool is not as before. A block that came and went in one unit was never anybody's.</summary>
    private IpamViewChange.BlockPassed? Passed(DateTimeOffset clock)
    {
        var reasons = Events.Select(ReasonOf).OfType<string>().ToList();
        if (reasons.Count == 0 || !(Before.IsOpen || Now.IsOpen))
        {
            return null;
        }

        var at = Now.LastEventAt > clock ? Now.LastEventAt : clock;
        var begins = Now.IsOpen ? new BlockHistoryRow(Now.Range, NextVersion, Now.Pool, Now.Owner, at, null, reasons[^1], null) : null;
        return new(Now.Range, at, Before.IsOpen ? reasons[0] : "", begins);
    }

    private string? ReasonOf(BlockEvent fact) => fact switch
    {
        BlockEvent.Opened => ClaimedFor,
        BlockEvent.AffinityLost lost => lost.Why,
        BlockEvent.Moved moved => moved.Why,
        BlockEvent.Closed closed => closed.Why,
        _ => null,
    };
}

/// <summary>The tentative future of a pool.</summary>
internal sealed record PoolChange(Entry<Pool, PoolEvent> Entry, Pool Before, Head Head) : Change(Entry.Id, Head)
{
    public Pool Now { get; private init; } = Before;

    public ImmutableList<PoolEvent> Events { get; private init; } = [];

    public override bool HasEvents => !Events.IsEmpty;

    public PoolChange With(PoolEvent fact) => this with { Now = Now.Apply(fact), Events = Events.Add(fact) };

    public override Append ToAppend() => new(Stream, Expected, Entry.Codec.Schema, Entry.Codec.Write(Events));

    public override IEnumerable<ViewChange> ToViews(DateTimeOffset clock) => [];

    public override void Remember(CommitId commit) => Entry.Remember(Now, Expected.Next(commit));
}
