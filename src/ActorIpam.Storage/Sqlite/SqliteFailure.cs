using SQLitePCL;

namespace ActorIpam.Storage.Sqlite;

/// <summary>SQLite said no. The code is the primary one.</summary>
internal sealed class SqliteFailure(int code, string message, string what) : Exception($"SQLite error {code} ({message}) at: {what}")
{
    public bool StorageIsFull => code == raw.SQLITE_FULL;

    /// <summary>What is stored contradicts itself, or the statement contradicts what is stored.</summary>
    public bool IsBrokenInvariant => code is raw.SQLITE_CONSTRAINT or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_MISMATCH;
}
