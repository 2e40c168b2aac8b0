using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;

namespace ActorIpam.JournalContract.Programs;

/// <summary>Deals snapshots and cuts between batches: most fit, some name heads that never were or moments that cut nothing.</summary>
internal sealed class UpkeepDealer(Dice dice)
{
    /// <summary>Something to do to a journal in this state, that both must answer alike.</summary>
    public Question Next(JournalState state)
    {
        var stream = dice.Of(Universe.Journaled);
        var head = Somewhere(state, stream);
        if (dice.Percent(60))
        {
            var snapshot = Snapshot.Seal(stream, head, 1 + dice.Below(2), $$"""{"at":{{head.Version}},"chance":{{dice.Below(1000)}}}""");
            return new($"keep {snapshot}", async under => Rendering.Render(await under.Upkeep.KeepAsync(snapshot, CancellationToken.None)));
        }

        // What is asked to be covered is mostly the older snapshot, now and then anything.
        var covered = state.Snapshots.TryGetValue(stream, out var snapshots) && dice.Percent(80) ? snapshots[0].Head : head;
        var (before, most) = (Universe.Moment(1_000 + dice.Below(120)), dice.Percent(70) ? 1_000 : 1 + dice.Below(3));
        return new($"cut {most} of {stream} below {covered} before {before:O}", async under => Rendering.Render(await under.Upkeep.CutAsync(stream, covered, before, most, CancellationToken.None)));
    }

    private Head Somewhere(JournalState state, StreamId stream)
    {
        var rows = state.Rows.TryGetValue(stream, out var kept) && kept.Count > 0 ? kept.Values.ToList() : [];
        return rows.Count == 0 || dice.Percent(5)
            ? new(dice.Below(5), dice.Commit())
            : rows[dice.Below(rows.Count)] is var row && dice.Percent(5) ? new(row.Version, dice.Commit()) : new(row.Version, row.Commit);
    }
}
