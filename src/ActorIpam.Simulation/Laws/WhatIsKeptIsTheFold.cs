using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-7: each snapshot and the rows behind it give what all rows that were ever written give. INV-8: heads stay, whatever was cut.</summary>
public static class WhatIsKeptIsTheFold
{
    public static IEnumerable<Violation> Judge(History history)
    {
        var appends = history.Commits.SelectMany(commit => commit.Unit.Appends).Where(append => append.Stream.Value.StartsWith(Streams.Blocks, StringComparison.Ordinal));
        Dictionary<Cidr, (Block State, long Version)> blocks;
        try
        {
            blocks = ViewsAreTheFold.Fold(appends);
        }
        catch (InvariantViolationException)
        {
            // ViewsAreTheFold says so.
            return [];
        }

        return blocks.SelectMany(block => Judge(history.Final, block.Key, block.Value.State, block.Value.Version)).ToList();
    }

    private static IEnumerable<Violation> Judge(JournalState final, Cidr range, Block folded, long version)
    {
        var stream = Streams.Block(range);
        if (final.HeadOf(stream).Version != version)
        {
            yield return new("INV-8", Exchange.Never, $"{stream} was written up to version {version}, its head says {final.HeadOf(stream).Version}.");
        }

        foreach (var snapshot in final.Snapshots.GetValueOrDefault(stream, []))
        {
            var rows = final.Rows[stream].Values.Where(row => row.Version > snapshot.Head.Version);
            if (Loaded(snapshot, range, rows) is var loaded && loaded != BlockSnapshotCodec.Instance.Write(folded))
            {
                yield return new("INV-7", Exchange.Never, $"{stream}, loaded from its snapshot at version {snapshot.Head.Version}, is {loaded}; its events say {BlockSnapshotCodec.Instance.Write(folded)}.");
            }
        }
    }

    private static string Loaded(Snapshot snapshot, Cidr range, IEnumerable<JournalRow> rows)
    {
        try
        {
            var state = BlockSnapshotCodec.Instance.Read(Block.At(range), snapshot.State, snapshot.Schema);
            return BlockSnapshotCodec.Instance.Write(rows.SelectMany(row => BlockEventCodec.Instance.Read(row.Events, row.Schema)).Aggregate(state, (block, fact) => block.Apply(fact)));
        }
        catch (Exception bad) when (bad is UnreadableEventException or InvariantViolationException)
        {
            return bad.Message;
        }
    }
}
