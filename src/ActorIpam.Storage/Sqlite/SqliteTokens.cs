using System.Collections.Immutable;
using ActorIpam.Domain.Access;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage.Sqlite;

/// <summary>Tokens in the file of the journal.</summary>
/// <remarks>
/// They change a few times a year, so a connection is opened for each change; SQLite makes it and the journal's writer wait for each other. The writer's
/// own thread stays free of anything but units.
/// </remarks>
internal sealed class SqliteTokens(SqliteReaders readers, Func<SqliteConnection> open) : ITokens
{
    private const string StampQuery = "SELECT count(*), coalesce(max(number), 0) FROM token";

    public ValueTask<TokenStamp> StampAsync(CancellationToken cancellation) => readers.QueryAsync(Stamp, cancellation);

    public ValueTask<(TokenStamp Stamp, ImmutableArray<StoredToken> Tokens)> AllAsync(CancellationToken cancellation) => readers.SnapshotAsync(
        connection =>
        {
            var tokens = new List<StoredToken>();
            connection.Prepare($"SELECT name, digest, role, host, created_at, created_by, expires_at FROM token WHERE {TokenRows.Readable} ORDER BY name").Into(tokens, Token);
            return (Stamp(connection), tokens.ToImmutableArray());
        },
        cancellation);

    public ValueTask<TokenAddition> AddAsync(StoredToken token, CancellationToken cancellation) => Change(connection =>
    {
        if (connection.Prepare("SELECT 1 FROM token WHERE name = ?").With(token.Name).Exists())
        {
            return TokenAddition.NameTaken;
        }

        if (connection.Number("SELECT count(*) FROM token") >= StoredToken.Most)
        {
            return TokenAddition.TooMany;
        }

        connection.Prepare("INSERT INTO token (name, digest, role, host, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)")
            .With(token.Name).With(token.Digest).With(token.Role.Word()).With(token.Host).With(token.CreatedAt.UtcTicks).With(token.CreatedBy)
            .With(token.ExpiresAt?.UtcTicks).Run();
        return TokenAddition.Added;
    });

    public ValueTask<bool> RemoveAsync(string name, CancellationToken cancellation) =>
        Change(connection => connection.Prepare("DELETE FROM token WHERE name = ?").With(name).Run() > 0);

    private static TokenStamp Stamp(SqliteConnection connection) => connection.Prepare(StampQuery).First(static row => new TokenStamp(row.Number(0), row.Number(1)));

    private static StoredToken Token(SqliteStatement row) => new(
        row.Text(0), row.Text(1), TokenRows.Role(row.Text(2)), row.TextOrNull(3), Time(row.Number(4)), row.Text(5), row.NumberOrNull(6) is { } ticks ? Time(ticks) : null);

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    private ValueTask<T> Change<T>(Func<SqliteConnection, T> change)
    {
        try
        {
            using var connection = open();
            connection.Run("BEGIN IMMEDIATE");
            try
            {
                var done = change(connection);
                connection.Run("COMMIT");
                return new(done);
            }
            finally
            {
                connection.RollBack();
            }
        }
        catch (SqliteFailure cause)
        {
            throw new JournalUnavailableException("The journal does not take the change of a token.", cause);
        }
    }
}
