namespace ActorIpam.Storage.Sqlite;

/// <summary>How the connections of a journal are set up.</summary>
internal static class SqliteOpening
{
    private const string Wait = "busy_timeout = 5000";

    public static SqliteConnection OpenWriter(string file, SqliteOptions options, SqliteCounters counters)
    {
        var connection = SqliteConnection.Open(
            file, counters, Wait, "journal_mode = WAL", "synchronous = FULL", "cache_size = -65536", "temp_store = MEMORY",
            FormattableString.Invariant($"wal_autocheckpoint = {options.CheckpointPages}"));
        try
        {
            SqliteSchema.Prepare(connection, file);
            if (options.MaxPages is { } pages)
            {
                connection.Run(FormattableString.Invariant($"PRAGMA max_page_count = {pages}"));
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A second writer, for what is no unit: each of its transactions waits for the journal's.</summary>
    public static SqliteConnection OpenForTokens(string file, SqliteCounters counters) => SqliteConnection.Open(file, counters, Wait, "synchronous = FULL");

    public static SqliteConnection OpenReader(string file, SqliteCounters counters) =>
        SqliteConnection.Open(file, counters, Wait, "query_only = ON", "cache_size = -8192");
}
