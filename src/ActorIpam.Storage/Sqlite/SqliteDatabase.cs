using ActorIpam.Storage.Portable;

namespace ActorIpam.Storage.Sqlite;

/// <summary>What a database file is, before anything is done with it.</summary>
internal static class SqliteDatabase
{
    /// <summary>What SQLite may put beside a file.</summary>
    private static readonly string[] Beside = ["-wal", "-shm", "-journal"];

    /// <exception cref="CareException">It is no journal, or of another release.</exception>
    public static void CheckReadable(SqliteConnection connection, string file)
    {
        var (mark, version, known) = (connection.Number("PRAGMA application_id"), connection.Number("PRAGMA user_version"), SqliteSchema.Steps[^1].Version);
        if (mark != SqliteSchema.Mark)
        {
            throw new CareException($"{file} is no journal of ActorIpam.");
        }

        if (version != known)
        {
            throw new CareException(version > known
                ? $"The journal {file} has schema {version}, this release reads up to {known}: use the release that wrote it."
                : $"The journal {file} has schema {version} of an earlier release: use that release, or start a member of this one on it first, which brings it to {known}.");
        }
    }

    /// <summary>True for a file that is not there, and for a journal in which nothing was ever written.</summary>
    /// <exception cref="CareException">It is something else.</exception>
    public static bool IsEmpty(string file)
    {
        if (!File.Exists(file) || new FileInfo(file).Length == 0)
        {
            return true;
        }

        try
        {
            using var connection = SqliteOpening.OpenReader(file, new());
            CheckReadable(connection, file);
            return PortableTable.All.All(table => !connection.Prepare($"SELECT 1 FROM {table.Name}").Exists()) && !connection.Prepare("SELECT 1 FROM moved").Exists();
        }
        catch (SqliteFailure wrong)
        {
            throw new CareException($"{file} is there already, and no journal that can be read: {wrong.Message}", wrong);
        }
    }

    public static void Delete(string file)
    {
        File.Delete(file);
        foreach (var suffix in Beside)
        {
            File.Delete(file + suffix);
        }
    }

    /// <summary>Puts a database in the place of an empty one; the file and its name are on the disk when this returns.</summary>
    public static void Publish(string temporary, string file)
    {
        DurableFile.Sync(temporary);
        Delete(file);
        File.Move(temporary, file);
        DurableFile.SyncFolder(file);
    }
}
