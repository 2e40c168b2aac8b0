using System.Runtime.CompilerServices;
using ActorIpam.Storage.Portable;

namespace ActorIpam.Storage.Sqlite;

/// <summary>A SQLite journal, read in one transaction by a connection of its own: a member that serves is not disturbed, and its later commits are not seen.</summary>
internal sealed class SqliteOrigin : IMovableOrigin
{
    private readonly SqliteConnection _connection;
    private readonly FileStream? _lock;

    private SqliteOrigin(SqliteConnection connection, FileStream? fileLock, DateTimeOffset at) => (_connection, _lock, At) = (connection, fileLock, at);

    public string Kind => "sqlite";

    public DateTimeOffset At { get; }

    /// <param name="file">The database file.</param>
    /// <param name="time">Tells the instant.</param>
    /// <exception cref="CareException">There is no journal that this release reads.</exception>
    public static SqliteOrigin Open(string file, TimeProvider time) => Open(file, null, time);

    /// <summary>Opens it as the only one who may use it.</summary>
    /// <inheritdoc cref="Open(string, TimeProvider)"/>
    public static SqliteOrigin OpenAlone(string file, TimeProvider time)
    {
        MustExist(file);
        try
        {
            return Open(file, StorageLock.Take(file), time);
        }
        catch (StorageInUseException used)
        {
            throw new CareException($"A member uses {file}: stop it first.", used);
        }
    }

    public async IAsyncEnumerable<PortableRow> RowsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var table in PortableTable.All)
        {
            foreach (var row in _connection.Prepare(SqliteRowCodec.Select(table)).Rows(row => SqliteRowCodec.Read(table, row)))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return row;
            }
        }

        await Task.CompletedTask;
    }

    public ValueTask<string?> LeftForAsync(CancellationToken cancellation) => new(_connection.Prepare("SELECT target FROM moved").First(static row => row.Text(0)));

    public ValueTask LeaveAsync(string target, CancellationToken cancellation)
    {
        _connection.RollBack();
        _connection.Run("PRAGMA query_only = OFF");
        _connection.Run("PRAGMA synchronous = FULL");
        _connection.Prepare("INSERT INTO moved (id, target, at) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET target = excluded.target, at = excluded.at")
            .With(target).With(At.UtcTicks).Run();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _connection.RollBack();
        _connection.Dispose();
        return _lock?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private static SqliteOrigin Open(string file, FileStream? fileLock, DateTimeOffset at, SqliteConnection connection)
    {
        // The first read is what fixes the instant of a transaction.
        connection.Run("BEGIN");
        SqliteDatabase.CheckReadable(connection, file);
        return new(connection, fileLock, at);
    }

    private static SqliteOrigin Open(string file, FileStream? fileLock, TimeProvider time)
    {
        SqliteConnection? connection = null;
        try
        {
            MustExist(file);
            connection = SqliteOpening.OpenReader(file, new());
            return Open(file, fileLock, time.GetUtcNow(), connection);
        }
        catch (Exception wrong) when (wrong is SqliteFailure or CareException)
        {
            connection?.Dispose();
            fileLock?.Dispose();
            throw wrong as CareException ?? new CareException($"{file} cannot be read as a journal: {wrong.Message}", wrong);
        }
    }

    /// <summary>Opening a database creates it.</summary>
    private static void MustExist(string file)
    {
        if (!File.Exists(file))
        {
            throw new CareException($"There is no journal {file}.");
        }
    }
}
