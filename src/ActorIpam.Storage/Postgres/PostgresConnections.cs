using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>The data sources of a journal and of the member table beside it, with the session settings the protocol asks for (protocol.md §4).</summary>
internal static partial class PostgresConnections
{
    /// <summary>For plans of statements over lists: made on empty tables they would be scans, and stay so. Each look-up goes through its key.</summary>
    private const string ThroughKeys = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    /// <remarks>
    /// Not pooled: an append connection lives in its lane until it breaks or is abandoned. No command timeout: the driver's timeout cancels the
    /// statement, and a cancelled commit reports success before its standby has it.
    /// </remarks>
    public static NpgsqlDataSource ForAppends(string connectionString, PostgresOptions options) => Build(connectionString, options, text =>
    {
        text.Pooling = false;
        text.Options = $"{text.Options} {ThroughKeys}";
        text.CommandTimeout = 0;
        text.CancellationTimeout = -1;
        text.ApplicationName ??= "actor-ipam append";
    });

    public static NpgsqlDataSource ForReads(string connectionString, PostgresOptions options) => Build(connectionString, options, text => Read(text, options, options.ReadConnections));

    /// <summary>For look-ups by lists of keys, which need one plan and no other.</summary>
    public static NpgsqlDataSource ForLookUps(string connectionString, PostgresOptions options) => Build(connectionString, options, text =>
    {
        text.Options = $"{text.Options} {ThroughKeys}";
        Read(text, options, options.LookUpConnections);
    });

    /// <summary>For the member table: what is lost there is written again a second later, so no commit waits for the disk.</summary>
    public static NpgsqlDataSource ForMembers(string connectionString, PostgresOptions options) => Build(connectionString, options, text =>
    {
        text.Options = $"{text.Options} -c synchronous_commit=off";
        text.NoResetOnClose = true;
        text.MaxAutoPrepare = 8;
        text.AutoPrepareMinUsages = 2;
        text.MaxPoolSize = options.MemberConnections;
        text.CommandTimeout = Seconds(options.ReadTimeout);
        text.ApplicationName ??= "actor-ipam member";
    });

    /// <summary>For whoever reads or fills a journal as a whole: one transaction that may take long, and rest while the other side works.</summary>
    public static NpgsqlDataSource ForCare(string connectionString, PostgresOptions options) => Build(connectionString, options, text =>
    {
        text.Options = $"{text.Options} -c idle_in_transaction_session_timeout=0 -c statement_timeout=0";
        text.Pooling = false;
        text.CommandTimeout = 0;
        text.ApplicationName ??= "actor-ipam care";
    });

    private static void Read(NpgsqlConnectionStringBuilder text, PostgresOptions options, int connections)
    {
        text.MinPoolSize = 0;
        // Every read has a key to go by, also in a table that was empty when the plan was made and kept.
        text.Options = $"{text.Options} -c enable_seqscan=off -c jit=off";
        // Reads leave nothing behind in a session, so there is nothing to reset: that would be five statements for each of ours.
        text.NoResetOnClose = true;
        text.MaxAutoPrepare = 64;
        text.AutoPrepareMinUsages = 2;
        text.MaxPoolSize = connections;
        text.CommandTimeout = Seconds(options.ReadTimeout);
        text.ApplicationName ??= "actor-ipam read";
    }

    private static NpgsqlDataSource Build(string connectionString, PostgresOptions options, Action<NpgsqlConnectionStringBuilder> shape)
    {
        if (!SchemaName().IsMatch(options.Schema))
        {
            throw new PostgresStartException($"'{options.Schema}' is no schema name: it takes lower-case letters, digits and _, and starts with a letter or _.");
        }

        try
        {
            var text = new NpgsqlConnectionStringBuilder(connectionString) { Multiplexing = false, Enlist = false, Timeout = Seconds(options.ReadTimeout) };
            text.Options = $"{text.Options} -c search_path={options.Schema} -c lock_timeout={Milliseconds(options.LockTimeout)} -c idle_in_transaction_session_timeout=5000".Trim();

            // What was a standby is taken for one for so long; the default of 10 s would keep members from the one that has just been promoted.
            text.HostRecheckSeconds = 1;
            shape(text);
            var hosts = text.Host ?? throw new PostgresStartException("The connection string names no Host.");
            var builder = new NpgsqlDataSourceBuilder(text.ConnectionString);
            return hosts.Contains(',', StringComparison.Ordinal)
                ? builder.BuildMultiHost().WithTargetSession(TargetSessionAttributes.ReadWrite)
                : builder.Build();
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new PostgresStartException($"The PostgreSQL connection string cannot be read: {wrong.Message}", wrong);
        }
    }

    private static int Seconds(TimeSpan span) => Math.Max(1, (int)Math.Ceiling(span.TotalSeconds));

    private static string Milliseconds(TimeSpan span) => ((long)span.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex SchemaName();
}
