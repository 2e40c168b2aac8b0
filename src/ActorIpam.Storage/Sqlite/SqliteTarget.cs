using System.Runtime.CompilerServices;
using ActorIpam.EventSourcing;
using ActorIpam.Storage.Portable;

namespace ActorIpam.Storage.Sqlite;

/// <summary>A SQLite journal that is filled beside its place, under another name, and moved there when it is whole.</summary>
internal sealed class SqliteTarget : IJournalTarget
{
    private readonly string _file, _filling;
    private readonly FileStream _lock;
    private SqliteConnection? _connection;

    private SqliteTarget(string file, FileStream fileLock)
    {
        (_file, _filling, _lock) = (file, file + ".filling", fileLock);

        // What an earlier attempt left behind when it was killed.
        SqliteDatabase.Delete(_filling);
        using (new FileStream(_filling, PrivateFile.Options(FileMode.CreateNew)))
        {
        }

        _connection = SqliteConnection.Open(_filling, new(), "journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE", "cache_size = -65536", "temp_store = MEMORY");
        SqliteSchema.Prepare(_connection, _filling);
    }

    /// <summary>The file it is filled in.</summary>
    public string Filling => _filling;

    private SqliteConnection Connection => _connection ??= SqliteOpening.OpenReader(_filling, new());

    /// <exception cref="CareException">There is a journal already, or somebody uses the place.</exception>
    public static SqliteTarget Open(string file)
    {
        FileStream? fileLock = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            fileLock = StorageLock.Take(file);
            return SqliteDatabase.IsEmpty(file)
                ? new(file, fileLock)
                : throw new CareException($"{file} is a journal that is not empty: name another file, or take this one away first.");
        }
        catch (Exception wrong) when (wrong is CareException or StorageInUseException or SqliteFailure or IOException or UnauthorizedAccessException)
        {
            fileLock?.Dispose();
            throw wrong as CareException ?? new CareException(wrong is StorageInUseException ? $"A member uses {file}: stop it first." : $"{file} cannot be written: {wrong.Message}", wrong);
        }
    }

    public async ValueTask WriteAsync(IAsyncEnumerable<PortableRow> rows, CancellationToken cancellation)
    {
        try
        {
            Connection.Run("BEGIN");
            await foreach (var row in rows.WithCancellation(cancellation))
            {
                var statement = Connection.Prepare(SqliteRowCodec.Insert(row.Table));
                SqliteRowCodec.Bind(statement, row);
                statement.Run();
            }

            Connection.Run("COMMIT");
        }
        catch (SqliteFailure wrong)
        {
            throw Failed(wrong);
        }
    }

    public ValueTask WriteAsync(FirstStep step, CancellationToken cancellation)
    {
        var commit = new CommitId(step.Commit).Key();
        Connection.Run("BEGIN");
        foreach (var stream in new[] { step.Catalog, step.Raised })
        {
            Connection.Prepare("INSERT INTO stream (id, version, commit_id) VALUES (?, 1, ?) ON CONFLICT (id) DO UPDATE SET version = version + 1, commit_id = excluded.commit_id")
                .With(stream).With(commit).Run();
        }

        Connection.Prepare("INSERT INTO journal (stream, version, commit_id, at, member, schema, events) SELECT id, version, commit_id, ?, ?, ?, ? FROM stream WHERE id = ?")
            .With(step.At.UtcTicks).With(FirstStep.Member).With(step.Schema).With(step.Events).With(step.Catalog).Run();
        Connection.Run("COMMIT");
        return ValueTask.CompletedTask;
    }

    public async IAsyncEnumerable<PortableRow> RowsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var table in PortableTable.All)
        {
            foreach (var row in Connection.Prepare(SqliteRowCodec.Select(table)).Rows(row => SqliteRowCodec.Read(table, row)))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return row;
            }
        }

        await Task.CompletedTask;
    }

    /// <summary>Lets others open the file it is filled in, to look at it as a journal.</summary>
    public void Rest()
    {
        _connection?.Dispose();
        _connection = null;
    }

    public ValueTask PublishAsync(CancellationToken cancellation)
    {
        Rest();
        try
        {
            SqliteDatabase.Publish(_filling, _file);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw Failed(wrong);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Rest();
        SqliteDatabase.Delete(_filling);
        File.Delete(_filling + ".lock");
        if (!File.Exists(_file))
        {
            // Nothing came of it: the place is left as it was found.
            File.Delete(_file + ".lock");
        }

        return _lock.DisposeAsync();
    }

    private CareException Failed(Exception cause) => new($"{_file} cannot be written: {cause.Message}", cause);
}
