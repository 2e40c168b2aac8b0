using SQLitePCL;

namespace ActorIpam.Storage.Sqlite;

/// <summary>One connection with its prepared statements. One thread at a time.</summary>
internal sealed class SqliteConnection : IDisposable
{
    private const int OpenFlags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX;
    private readonly Dictionary<string, SqliteStatement> _prepared = new(StringComparer.Ordinal);
    private readonly SqliteCounters _counters;

    private SqliteConnection(sqlite3 handle, SqliteCounters counters)
    {
        Handle = handle;
        _counters = counters;
    }

    public sqlite3 Handle { get; }

    /// <summary>True between BEGIN and the end of the transaction.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    /// <exception cref="SqliteFailure">The file cannot be opened, or is no database.</exception>
    public static SqliteConnection Open(string file, SqliteCounters counters, params ReadOnlySpan<string> pragmas)
    {
        Batteries_V2.Init();
        var code = raw.sqlite3_open_v2(file, out var handle, OpenFlags, null);
        var connection = new SqliteConnection(handle, counters);
        try
        {
            if (code != raw.SQLITE_OK)
            {
                throw connection.Failure(code, file);
            }

            foreach (var pragma in pragmas)
            {
                connection.Run($"PRAGMA {pragma}");
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The statement with this text, ready for its parameters. It is prepared once.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (!_prepared.TryGetValue(sql, out var statement))
        {
            var code = raw.sqlite3_prepare_v2(Handle, sql, out var prepared);
            if (code != raw.SQLITE_OK)
            {
                throw Failure(code, sql);
            }

            statement = new(this, prepared, sql, _counters);
            _prepared.Add(sql, statement);
        }

        return statement;
    }

    public void Run(string sql) => Prepare(sql).Run();

    /// <summary>Runs several statements, without keeping them.</summary>
    public void RunScript(string sql)
    {
        var code = raw.sqlite3_exec(Handle, sql);
        if (code != raw.SQLITE_OK)
        {
            throw Failure(code, sql);
        }
    }

    /// <summary>Gives SQL a function from text to a key.</summary>
    public void Define(string name, Func<string, byte[]> keyOf)
    {
        var code = raw.sqlite3_create_function(
            Handle, name, 1, raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC, null, (context, _, given) => raw.sqlite3_result_blob(context, keyOf(raw.sqlite3_value_text(given[0]).utf8_to_string())));
        if (code != raw.SQLITE_OK)
        {
            throw Failure(code, name);
        }
    }

    public long Number(string sql) => Prepare(sql).First(static row => row.Number(0));

    /// <summary>Ends the transaction without its changes, if SQLite has not done so itself.</summary>
    public void RollBack()
    {
        if (InTransaction)
        {
            Run("ROLLBACK");
        }
    }

    public SqliteFailure Failure(int code, string what) => new(code & 0xff, raw.sqlite3_errmsg(Handle).utf8_to_string(), what);

    public void Dispose()
    {
        foreach (var statement in _prepared.Values)
        {
            statement.Dispose();
        }

        _prepared.Clear();
        Handle.Dispose();
    }
}
