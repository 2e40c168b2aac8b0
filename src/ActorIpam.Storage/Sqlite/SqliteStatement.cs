using SQLitePCL;

namespace ActorIpam.Storage.Sqlite;

/// <summary>A prepared statement, used again and again by the one thread that has its connection. Parameters are bound in their order.</summary>
internal sealed class SqliteStatement(SqliteConnection connection, sqlite3_stmt statement, string sql, SqliteCounters counters) : IDisposable
{
    private const int StepsSinceReset = 4;

    private int _bound;

    public SqliteStatement With(string? value) =>
        Bound(value is null ? raw.sqlite3_bind_null(statement, ++_bound) : raw.sqlite3_bind_text(statement, ++_bound, value));

    public SqliteStatement With(long? value) =>
        Bound(value is null ? raw.sqlite3_bind_null(statement, ++_bound) : raw.sqlite3_bind_int64(statement, ++_bound, value.Value));

    public SqliteStatement With(ReadOnlySpan<byte> value) => Bound(raw.sqlite3_bind_blob(statement, ++_bound, value));

    /// <summary>Runs to the end and gives the number of rows it changed.</summary>
    public int Run()
    {
        // The difference: a statement that is no change leaves the number of the last one that was.
        var before = raw.sqlite3_total_changes(connection.Handle);
        var changed = 0;
        try
        {
            while (Step())
            {
            }

            changed = raw.sqlite3_total_changes(connection.Handle) - before;
            return changed;
        }
        finally
        {
            Finish(rowsRead: 0, changed);
        }
    }

    /// <summary>The first row, or the default when there is none.</summary>
    public T? First<T>(Func<SqliteStatement, T> read)
    {
        var rows = 0;
        try
        {
            return Step() && ++rows > 0 ? read(this) : default;
        }
        finally
        {
            Finish(rows, rowsChanged: 0);
        }
    }

    /// <summary>Adds every row to the list.</summary>
    public void Into<T>(ICollection<T> list, Func<SqliteStatement, T> read)
    {
        var rows = 0;
        try
        {
            while (Step())
            {
                rows++;
                list.Add(read(this));
            }
        }
        finally
        {
            Finish(rows, rowsChanged: 0);
        }
    }

    /// <summary>Row after row, for more of them than memory should hold. Nothing else may use the statement meanwhile.</summary>
    public IEnumerable<T> Rows<T>(Func<SqliteStatement, T> read)
    {
        var rows = 0;
        try
        {
            while (Step())
            {
                rows++;
                yield return read(this);
            }
        }
        finally
        {
            Finish(rows, rowsChanged: 0);
        }
    }

    public bool Exists() => First(static _ => true);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public long? NumberOrNull(int column) => IsNull(column) ? null : Number(column);

    /// <summary>Good until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(statement, column);

    public void Dispose() => statement.Dispose();

    private bool Step()
    {
        var code = raw.sqlite3_step(statement);
        return code == raw.SQLITE_ROW || (code == raw.SQLITE_DONE ? false : throw connection.Failure(code, sql));
    }

    private void Finish(int rowsRead, int rowsChanged)
    {
        // The code repeats the step's, which was already thrown.
        _ = raw.sqlite3_reset(statement);
        counters.Add(rowsRead, rowsChanged, raw.sqlite3_stmt_status(statement, StepsSinceReset, 1));
        _bound = 0;
    }

    private SqliteStatement Bound(int code)
    {
        if (code == raw.SQLITE_OK)
        {
            return this;
        }

        _bound = 0;
        throw connection.Failure(code, sql);
    }
}
