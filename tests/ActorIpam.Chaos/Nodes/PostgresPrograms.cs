using System.Globalization;

namespace ActorIpam.Chaos.Nodes;

/// <summary>Where PostgreSQL's programs are, and how they are run as the account that may run them.</summary>
internal static class PostgresPrograms
{
    public static string Folder { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0).Select(folder => Path.Combine(folder, "bin")).First()
        : throw new InvalidOperationException("PostgreSQL is missing: apt-get install postgresql.");

    /// <summary>Asks the server whose socket lies in this folder.</summary>
    public static string[] Psql(string folder, string sql) =>
        AsPostgres(Path.Combine(Folder, "psql"), "-h", folder, "-U", "postgres", "-X", "-A", "-t", "-q", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", sql);

    /// <summary>So many rows of psql's answer say "true".</summary>
    public static int Count(string answer) => answer.Split('\n').Count(row => row == "t");

    /// <summary>A server refuses to run as root; each step replaces itself by the next.</summary>
    public static string[] AsPostgres(params string[] command) => ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. command];
}
