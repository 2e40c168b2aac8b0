namespace ActorIpam.Storage.Sqlite;

/// <summary>The tables (protocol.md §2). Keys of addresses and blocks are bytes that sort as they do; times are UTC ticks.</summary>
/// <remarks>The file says in its <c>user_version</c> which step made it last; what is behind that is done when a newer release opens it.</remarks>
internal static class SqliteSchema
{
    /// <summary>Marks a database file as ours: "aIPm" in ASCII.</summary>
    public const int Mark = 0x6149506d;

    /// <summary>The steps by number, oldest first.</summary>
    public static IReadOnlyList<SchemaStep> Steps { get; } = SchemaStep.ReadAll("Sqlite.Schema.");

    /// <summary>Does the steps that are missing in one transaction, or refuses what it does not know.</summary>
    /// <exception cref="StorageUnreadableException">A newer release wrote the file, or it is no journal of ours.</exception>
    public static void Prepare(SqliteConnection connection, string file)
    {
        connection.Define("cidr_key", static text => Domain.Addressing.Cidr.Parse(text).Key());
        connection.Run("BEGIN IMMEDIATE");
        try
        {
            var version = connection.Number("PRAGMA user_version");
            var isNew = connection.Number("SELECT count(*) FROM sqlite_schema") == 0;
            if (!isNew && connection.Number("PRAGMA application_id") != Mark)
            {
                throw new StorageUnreadableException($"{file} is a database, but not a journal of ActorIpam.");
            }

            if (version > Steps[^1].Version)
            {
                throw new StorageUnreadableException(
                    $"The journal {file} has schema {version}, this release reads up to {Steps[^1].Version}: run the release that wrote it, or a newer one.");
            }

            foreach (var step in Steps.Where(step => step.Version > version))
            {
                connection.RunScript(FormattableString.Invariant($"{step.Sql}; PRAGMA user_version = {step.Version}; PRAGMA application_id = {Mark};"));
            }

            if (connection.Prepare("SELECT target FROM moved").First(static row => row.Text(0)) is { } target)
            {
                throw new StorageUnreadableException($"The journal {file} was moved to {target}: start members there. What is left here is only good as a backup.");
            }

            connection.Run("COMMIT");
        }
        finally
        {
            connection.RollBack();
        }
    }
}
