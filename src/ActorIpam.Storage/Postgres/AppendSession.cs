using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace ActorIpam.Storage.Postgres;

/// <summary>A connection that appends, with both calls prepared.</summary>
internal sealed class AppendSession : IAsyncDisposable
{
    private const NpgsqlDbType TextArray = NpgsqlDbType.Array | NpgsqlDbType.Text;

    private const string Careful = "select unit, outcome, detail::text from append_units($1, $2, $3, $4, $5, $6, $7, $8)";

    private const string Who = "select pg_backend_pid(), backend_start from pg_stat_activity where pid = pg_backend_pid()";

    private static readonly string Plain = $"select append_plain({string.Join(", ", PlainBatch.Types.Select((_, i) => FormattableString.Invariant($"${i + 1}")))})";

    private static readonly NpgsqlDbType[] Types =
    [
        NpgsqlDbType.Jsonb, NpgsqlDbType.Boolean, NpgsqlDbType.Boolean, TextArray, TextArray, TextArray, TextArray, NpgsqlDbType.Boolean,
    ];

    private AppendSession(NpgsqlConnection connection, SessionId id, NpgsqlCommand plainCall, NpgsqlCommand call)
    {
        (Connection, Id, PlainCall, Call) = (connection, id, plainCall, call);
        connection.Notice += (_, message) => Listen(message.Notice);
    }

    public NpgsqlConnection Connection { get; }

    public SessionId Id { get; }

    /// <summary>Writes a batch as a set, or says that it cannot.</summary>
    public NpgsqlCommand PlainCall { get; }

    /// <summary>Judges a batch unit by unit.</summary>
    public NpgsqlCommand Call { get; }

    /// <summary>What the server warned of since it was last set to null: then nobody knows what became of the commit.</summary>
    public string? Alarm { get; set; }

    public bool IsOpen => Connection.FullState == ConnectionState.Open;

    /// <remarks>Prepared openly: the driver's automatic preparation loses count of its statements when one fails.</remarks>
    public static async Task<AppendSession> OpenAsync(NpgsqlDataSource source)
    {
        var connection = source.CreateConnection();
        try
        {
            await connection.OpenAsync(CancellationToken.None);
            return new(connection, await IdAsync(connection), await PrepareAsync(connection, Plain, PlainBatch.Types), await PrepareAsync(connection, Careful, Types));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();

    private static async Task<SessionId> IdAsync(NpgsqlConnection connection)
    {
        await using var who = new NpgsqlCommand(Who, connection);
        await using var reader = await who.ExecuteReaderAsync(CancellationToken.None);
        return await reader.ReadAsync(CancellationToken.None)
            ? new(reader.GetInt32(0), reader.GetDateTime(1))
            : throw new NpgsqlException("The server does not list the session that asks.");
    }

    private static async Task<NpgsqlCommand> PrepareAsync(NpgsqlConnection connection, string text, IEnumerable<NpgsqlDbType> types)
    {
        var call = new NpgsqlCommand(text, connection) { CommandTimeout = 0 };
        call.Parameters.AddRange(types.Select(type => new NpgsqlParameter { NpgsqlDbType = type }).ToArray());
        await call.PrepareAsync(CancellationToken.None);
        return call;
    }

    private void Listen(PostgresNotice notice)
    {
        if (notice.SqlState is { } state && (state.StartsWith("01", StringComparison.Ordinal) || state.StartsWith("57", StringComparison.Ordinal)))
        {
            Alarm = $"PostgreSQL warned during the commit: {notice.MessageText}";
        }
    }
}
