using System.Diagnostics;
using SQLitePCL;

namespace ActorIpam.Benchmarks.Floors;

/// <summary>What SQLite itself can do on this disk: commits of one row, each synced to the log before the next begins.</summary>
internal static class SqliteFloor
{
    public static double CommitsPerSecond(string file, TimeSpan during)
    {
        Batteries_V2.Init();
        Check(raw.sqlite3_open(file, out var database), "open");
        using (database)
        {
            Check(raw.sqlite3_exec(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 20000; CREATE TABLE one (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL) STRICT"), "tables");
            Check(raw.sqlite3_prepare_v2(database, "INSERT INTO one (at, text) VALUES (?, 'a text of about the length that a handle has')", out var insert), "prepare");
            using (insert)
            {
                var (count, clock) = (0L, Stopwatch.StartNew());
                while (clock.Elapsed < during)
                {
                    raw.sqlite3_bind_int64(insert, 1, count++);
                    if (raw.sqlite3_step(insert) != raw.SQLITE_DONE)
                    {
                        throw new InvalidOperationException($"SQLite did not commit: {raw.sqlite3_errmsg(database).utf8_to_string()}");
                    }

                    raw.sqlite3_reset(insert);
                }

                return count / clock.Elapsed.TotalSeconds;
            }
        }
    }

    private static void Check(int code, string what)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new InvalidOperationException($"SQLite failed ({what}): {code}.");
        }
    }
}
