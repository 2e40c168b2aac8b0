using Npgsql;

namespace ActorIpam.Storage.Portable;

/// <summary>Where a journal is, as <c>--journal</c> says it.</summary>
public abstract record JournalPlace
{
    private JournalPlace() { }

    /// <summary>How it is told, without secrets.</summary>
    public abstract string Label { get; }

    /// <param name="text"><c>sqlite:FILE</c> or <c>postgres:CONNECTION-STRING</c>.</param>
    /// <exception cref="CareException">It is neither.</exception>
    public static JournalPlace Parse(string text) => text.Split(':', 2) switch
    {
        // Members may bound the file's size behind a question mark; for what is done here that means nothing.
        ["sqlite", { Length: > 0 } file] when file[0] != '?' => new Sqlite(Path.GetFullPath(file.Split('?', 2)[0])),
        ["postgres", { Length: > 0 } connection] => Postgres.Of(connection),
        [var kind, ..] => throw new CareException($"'{kind}…' is no journal with a place: say sqlite:FILE or postgres:CONNECTION-STRING."),
        _ => throw new CareException("A journal is sqlite:FILE or postgres:CONNECTION-STRING."),
    };

    /// <param name="File">The full path of the database file.</param>
    public sealed record Sqlite(string File) : JournalPlace
    {
        public override string Label => $"sqlite:{File}";
    }

    /// <param name="ConnectionString">Npgsql's.</param>
    public sealed record Postgres(string ConnectionString) : JournalPlace
    {
        private string _label = "postgres:";

        public override string Label => _label;

        internal static Postgres Of(string connection)
        {
            try
            {
                var parts = new NpgsqlConnectionStringBuilder(connection);
                return new(connection) { _label = $"postgres:Host={parts.Host};Port={parts.Port};Database={parts.Database ?? parts.Username}" };
            }
            catch (Exception wrong) when (wrong is ArgumentException or FormatException or KeyNotFoundException)
            {
                throw new CareException($"The PostgreSQL connection string cannot be read: {wrong.Message}", wrong);
            }
        }
    }
}
