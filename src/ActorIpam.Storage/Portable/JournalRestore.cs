using ActorIpam.Storage.Postgres;
using ActorIpam.Storage.Sqlite;

namespace ActorIpam.Storage.Portable;

/// <summary>Fills an empty journal from a backup.</summary>
/// <param name="time">The clock of members that start later.</param>
/// <param name="tell">Called now and then with how far it is; null when nobody watches.</param>
public sealed class JournalRestore(TimeProvider time, Action<string>? tell)
{
    /// <param name="file">The backup.</param>
    /// <param name="into">An empty journal, or a place where none is.</param>
    /// <param name="judge">Replays what the file holds before any of it becomes the journal.</param>
    /// <param name="begin">The step the journal begins with, from the instant of the backup.</param>
    /// <param name="cancellation">Ends the work; nothing is left then.</param>
    /// <exception cref="CareException">It cannot be done, and nothing was written.</exception>
    public async Task<BackupFacts> RunAsync(string file, JournalPlace into, JournalJudge judge, Func<DateTimeOffset, FirstStep> begin, CancellationToken cancellation)
    {
        await using var backup = await BackupReader.OpenAsync(file, cancellation);
        await using var target = await OpenAsync(into, time, cancellation);
        await target.WriteAsync(new CopyProgress("restoring", tell).PassAsync(backup.RowsAsync(cancellation), cancellation), cancellation);
        await RowComparison.RunAsync(backup.RowsAsync(cancellation), target.RowsAsync(cancellation), new("comparing", tell), cancellation);
        await target.WriteAsync(begin(backup.Header.TakenAt), cancellation);
        await (target is SqliteTarget own ? JudgeAsync(own, judge, cancellation) : JudgeApartAsync(file, backup, judge, cancellation));
        await target.PublishAsync(cancellation);
        return new(backup.Header.From, backup.Header.TakenAt, backup.Counts, backup.Bytes);
    }

    internal static async Task<IJournalTarget> OpenAsync(JournalPlace into, TimeProvider time, CancellationToken cancellation) => into switch
    {
        JournalPlace.Sqlite sqlite => SqliteTarget.Open(sqlite.File),
        JournalPlace.Postgres postgres => await PostgresTarget.OpenAsync(postgres.ConnectionString, time, cancellation),
        _ => throw new InvalidOperationException($"{into.GetType().Name} is opened nowhere."),
    };

    /// <summary>What is in a transaction of PostgreSQL no other connection sees: the same rows, which were compared, are replayed in a file of their own.</summary>
    private async Task JudgeApartAsync(string file, BackupReader backup, JournalJudge judge, CancellationToken cancellation)
    {
        await using var trial = SqliteTarget.Open(file + ".trial");
        await trial.WriteAsync(new CopyProgress("replaying", tell).PassAsync(backup.RowsAsync(cancellation), cancellation), cancellation);
        await JudgeAsync(trial, judge, cancellation);
    }

    private async Task JudgeAsync(SqliteTarget filled, JournalJudge judge, CancellationToken cancellation)
    {
        filled.Rest();
        await using var journal = await SqliteJournal.OpenAsync(filled.Filling, new(), time);
        await judge(journal, cancellation);
    }
}
