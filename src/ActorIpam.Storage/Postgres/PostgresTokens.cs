using System.Collections.Immutable;
using System.Data;
using ActorIpam.Domain.Access;
using ActorIpam.EventSourcing;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>Tokens in the database of the journal, shared by all its members.</summary>
internal sealed class PostgresTokens(NpgsqlDataSource source, PostgresReader reader) : ITokens
{
    private static readonly Query StampQuery = new("select count(*), coalesce(max(number), 0) from token");
    private static readonly Query AllQuery = new($"select name, digest, role, host, created_at, created_by, expires_at from token where {TokenRows.Readable} order by name");

    public async ValueTask<TokenStamp> StampAsync(CancellationToken cancellation) => (await reader.ListAsync(StampQuery, Stamp, cancellation))[0];

    public async ValueTask<(TokenStamp Stamp, ImmutableArray<StoredToken> Tokens)> AllAsync(CancellationToken cancellation)
    {
        var (stamps, tokens) = await reader.ListsAsync(StampQuery, Stamp, AllQuery, Token, cancellation);
        return (stamps[0], tokens);
    }

    public async ValueTask<TokenAddition> AddAsync(StoredToken token, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await using var change = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            await RunAsync(connection, new("lock table token in share row exclusive mode"), cancellation);
            if (await RunAsync(connection, new("select 1 from token where name = $1", token.Name), cancellation) is not null)
            {
                return TokenAddition.NameTaken;
            }

            if (await RunAsync(connection, new("select count(*) from token"), cancellation) is long and >= StoredToken.Most)
            {
                return TokenAddition.TooMany;
            }

            await RunAsync(
                connection,
                new(
                    "insert into token (name, digest, role, host, created_at, created_by, expires_at) values ($1, $2, $3, $4, $5, $6, $7::timestamptz)",
                    token.Name, token.Digest, token.Role.Word(), token.Host, token.CreatedAt.ToUniversalTime(), token.CreatedBy, token.ExpiresAt?.ToUniversalTime()),
                cancellation);
            await change.CommitAsync(cancellation);
            return TokenAddition.Added;
        }
        catch (Exception failure) when (AppendFailures.IsOfStorage(failure))
        {
            throw Unavailable(failure);
        }
    }

    public async ValueTask<bool> RemoveAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await using var command = source.CreateCommand("delete from token where name = $1");
            command.Parameters.AddRange(new Query("", name).Parameters);
            return await command.ExecuteNonQueryAsync(cancellation) > 0;
        }
        catch (Exception failure) when (AppendFailures.IsOfStorage(failure))
        {
            throw Unavailable(failure);
        }
    }

    private static TokenStamp Stamp(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1));

    private static StoredToken Token(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), TokenRows.Role(row.GetString(2)), row.IsDBNull(3) ? null : row.GetString(3), row.GetFieldValue<DateTimeOffset>(4), row.GetString(5),
        row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6));

    private static async Task<object?> RunAsync(NpgsqlConnection connection, Query query, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(query.Sql, connection);
        command.Parameters.AddRange(query.Parameters);
        return await command.ExecuteScalarAsync(cancellation);
    }

    private static JournalUnavailableException Unavailable(Exception failure) => new($"PostgreSQL does not take the change of a token: {failure.Message}", failure);
}
