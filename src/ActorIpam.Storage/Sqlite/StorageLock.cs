namespace ActorIpam.Storage.Sqlite;

/// <summary>A lock beside the database that lives as long as the process: the kernel drops it, also at kill -9. The file itself stays.</summary>
internal static class StorageLock
{
    /// <exception cref="StorageInUseException">Somebody has it, be it this very process.</exception>
    public static FileStream Take(string database)
    {
        var file = database + ".lock";
        try
        {
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException cause) when (File.Exists(file) && cause is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new StorageInUseException(database, cause);
        }
    }
}
