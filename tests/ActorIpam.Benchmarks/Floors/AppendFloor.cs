using System.Collections.Immutable;
using System.Diagnostics;
using ActorIpam.EventSourcing;
using ActorIpam.Storage.Postgres;

namespace ActorIpam.Benchmarks.Floors;

/// <summary>What the append path can do alone: batches of assignments, one after the other, without actors and HTTP around them.</summary>
internal static class AppendFloor
{
    private const int Batch = 64;

    public static async Task<double> UnitsPerSecondAsync(string connection, TimeSpan during)
    {
        await using var journal = await PostgresJournal.OpenAsync(connection, new() { Schema = $"floor_{Guid.NewGuid():N}" }, TimeProvider.System);
        var units = new Assignments(Batch);
        await AppendAsync(journal, units, during / 2);
        var (count, clock) = (0L, Stopwatch.StartNew());
        count = await AppendAsync(journal, units, during);
        return count / clock.Elapsed.TotalSeconds;
    }

    private static async Task<long> AppendAsync(PostgresJournal journal, Assignments units, TimeSpan during)
    {
        var (count, clock) = (0L, Stopwatch.StartNew());
        while (clock.Elapsed < during)
        {
            ImmutableArray<Unit> batch = units.Next();
            var outcomes = await journal.AppendAsync(batch);
            if (outcomes.FirstOrDefault(static outcome => outcome is not Outcome.Won) is { } wrong)
            {
                throw new InvalidOperationException($"An assignment ended as {wrong}.");
            }

            count += batch.Length;
        }

        return count;
    }
}
