namespace ActorIpam.Storage.Sqlite;

/// <summary>What a journal has cost since it was opened, and how large it is.</summary>
/// <param name="Statements">Statements run.</param>
/// <param name="RowsRead">Rows that statements returned.</param>
/// <param name="RowsChanged">Table rows inserted, updated or deleted.</param>
/// <param name="Steps">Instructions of SQLite's virtual machine: grows with every row looked at, returned or not.</param>
/// <param name="Bytes">The size of the database, the log's newer pages included.</param>
public sealed record SqliteStatistics(long Statements, long RowsRead, long RowsChanged, long Steps, long Bytes);

/// <summary>Counts for all connections of a journal.</summary>
internal sealed class SqliteCounters
{
    private long _statements, _rowsRead, _rowsChanged, _steps;

    public void Add(int rowsRead, int rowsChanged, int steps)
    {
        Interlocked.Increment(ref _statements);
        Interlocked.Add(ref _rowsRead, rowsRead);
        Interlocked.Add(ref _rowsChanged, rowsChanged);
        Interlocked.Add(ref _steps, steps);
    }

    public SqliteStatistics With(long bytes) =>
        new(Interlocked.Read(ref _statements), Interlocked.Read(ref _rowsRead), Interlocked.Read(ref _rowsChanged), Interlocked.Read(ref _steps), bytes);
}
