using System.Collections.Concurrent;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage.Sqlite;

/// <summary>A few connections that only read. A read sees everything that was answered before it began, and never waits for the writer.</summary>
internal sealed class SqliteReaders : IDisposable
{
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private readonly SemaphoreSlim _free;
    private readonly int _count;

    public SqliteReaders(int count, Func<SqliteConnection> open)
    {
        _count = count;
        _free = new(count);
        for (var opened = 0; opened < count; opened++)
        {
            _idle.Add(open());
        }
    }

    /// <summary>One statement, which is one instant by itself.</summary>
    public async ValueTask<T> QueryAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        var connection = _idle.TryTake(out var idle) ? idle : throw new InvariantViolationException("INV-12", "more readers than connections.");
        try
        {
            return read(connection);
        }
        catch (SqliteFailure cause)
        {
            throw new JournalUnavailableException("The journal cannot be read.", cause);
        }
        finally
        {
            _idle.Add(connection);
            _free.Release();
        }
    }

    /// <summary>Several statements that see one instant.</summary>
    public ValueTask<T> SnapshotAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellation) => QueryAsync(
        connection =>
        {
            connection.Run("BEGIN");
            try
            {
                return read(connection);
            }
            finally
            {
                connection.RollBack();
            }
        },
        cancellation);

    /// <summary>Waits for readers that are busy, then closes all.</summary>
    public void Dispose()
    {
        for (var taken = 0; taken < _count; taken++)
        {
            _free.Wait();
        }

        foreach (var connection in _idle)
        {
            connection.Dispose();
        }

        _free.Dispose();
    }
}
