using System.Globalization;

namespace ActorIpam.Server.Options;

/// <summary>Which journal a member writes.</summary>
internal abstract record JournalChoice
{
    private JournalChoice() { }

    /// <param name="File">The database file.</param>
    /// <param name="MaxPages">It never grows beyond so many pages; null for the disk's limit.</param>
    public sealed record Sqlite(string File, int? MaxPages) : JournalChoice;

    public sealed record Postgres(string ConnectionString) : JournalChoice;

    /// <summary>Lost at exit.</summary>
    public sealed record Memory : JournalChoice;

    /// <param name="text"><c>sqlite:FILE[?max_pages=N]</c>, <c>postgres:CONNECTION-STRING</c> or <c>memory:</c>.</param>
    /// <exception cref="BadOptionException">It is none of them.</exception>
    public static JournalChoice Parse(string text) => text.Split(':', 2) switch
    {
        ["sqlite", { Length: > 0 } file] => ParseSqlite(file),
        ["postgres", { Length: > 0 } connection] => new Postgres(connection),
        ["memory", ""] => new Memory(),
        _ => throw new BadOptionException($"--journal: '{WithoutSecrets(text)}' is none of sqlite:FILE, postgres:CONNECTION-STRING, memory:."),
    };

    private static Sqlite ParseSqlite(string text)
    {
        var parts = text.Split('?', 2);
        if (parts[0].Length == 0)
        {
            throw new BadOptionException("--journal sqlite: needs a file.");
        }

        return parts is [var file, var query] ? new(file, MaxPagesOf(query)) : new(text, null);
    }

    private static int MaxPagesOf(string query) =>
        query.Split('=', 2) is ["max_pages", var number]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var pages) && pages > 0
            ? pages
            : throw new BadOptionException($"--journal sqlite:FILE takes max_pages=N with N of at least 1 behind a question mark, not '{query}'.");

    /// <summary>A mistyped scheme must not print a password.</summary>
    private static string WithoutSecrets(string text) => text.Contains(':', StringComparison.Ordinal) ? text[..(text.IndexOf(':', StringComparison.Ordinal) + 1)] + "…" : text;
}
