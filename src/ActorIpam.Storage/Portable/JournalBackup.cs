using System.Collections.Immutable;
using ActorIpam.Storage.Postgres;
using ActorIpam.Storage.Sqlite;

namespace ActorIpam.Storage.Portable;

/// <summary>What a backup holds.</summary>
/// <param name="From">The kind of storage it was taken from.</param>
/// <param name="TakenAt">The instant all of it is of.</param>
/// <param name="Rows">The rows of each table that has any.</param>
/// <param name="Bytes">The size of the file.</param>
public sealed record BackupFacts(string From, DateTimeOffset TakenAt, ImmutableSortedDictionary<string, long> Rows, long Bytes);

/// <summary>Looks at a journal that came out of a backup before it counts: replays it, and throws a <see cref="CareException"/> when it must not be used.</summary>
public delegate Task JournalJudge(SqliteJournal journal, CancellationToken cancellation);

/// <summary>Writes a journal into a file that any storage can be filled from, while members go on.</summary>
/// <param name="time">Tells the instant of a SQLite journal.</param>
/// <param name="tell">Called now and then with how far it is; null when nobody watches.</param>
public sealed class JournalBackup(TimeProvider time, Action<string>? tell)
{
    /// <exception cref="CareException">It cannot be done; no file is left.</exception>
    public async Task<BackupFacts> WriteAsync(JournalPlace from, string file, CancellationToken cancellation)
    {
        await using var source = await OpenAsync(from, cancellation);
        await using var writer = BackupWriter.Open(file, new(source.Kind, source.At));
        await foreach (var row in new CopyProgress("writing", tell).PassAsync(source.RowsAsync(cancellation), cancellation))
        {
            await writer.WriteAsync(row, cancellation);
        }

        var rows = await writer.EndAsync(cancellation);
        return new(source.Kind, source.At, rows, new FileInfo(file).Length);
    }

    /// <summary>Reads a backup back, makes a journal of it beside the file, lets it be judged, and takes it away again.</summary>
    /// <exception cref="CareException">It is damaged, or the judge does not want it.</exception>
    public async Task<BackupFacts> VerifyAsync(string file, JournalJudge judge, CancellationToken cancellation)
    {
        await using var backup = await BackupReader.OpenAsync(file, cancellation);
        await using var trial = SqliteTarget.Open(file + ".trial");
        await trial.WriteAsync(new CopyProgress("reading back", tell).PassAsync(backup.RowsAsync(cancellation), cancellation), cancellation);
        trial.Rest();
        await using (var journal = await SqliteJournal.OpenAsync(trial.Filling, new(), time))
        {
            await judge(journal, cancellation);
        }

        return new(backup.Header.From, backup.Header.TakenAt, backup.Counts, backup.Bytes);
    }

    private async Task<IJournalOrigin> OpenAsync(JournalPlace from, CancellationToken cancellation) => from switch
    {
        JournalPlace.Sqlite sqlite => SqliteOrigin.Open(sqlite.File, time),
        JournalPlace.Postgres postgres => await PostgresOrigin.OpenAsync(postgres.ConnectionString, cancellation),
        _ => throw new InvalidOperationException($"{from.GetType().Name} is opened nowhere."),
    };
}
