using System.Collections.Immutable;
using System.Threading.Channels;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage.Sqlite;

/// <summary>The one writer: a thread of its own takes batches from a bounded queue and commits them one after another.</summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransactions _transactions;
    private readonly Channel<Work> _queue;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _idle;
    private long _appends, _appendsAtLastTick, _appendsAtCheckpoint;

    public SqliteWriter(SqliteConnection connection, SqliteOptions options, TimeProvider time)
    {
        _connection = connection;
        _transactions = new(connection);
        _queue = Channel.CreateBounded<Work>(new BoundedChannelOptions(options.QueuedBatches) { SingleReader = true });
        // A tick that finds the queue full is no idle moment: it is dropped.
        _idle = time.CreateTimer(_ => _queue.Writer.TryWrite(Work.Tick), null, options.IdleCheckpoint, options.IdleCheckpoint);
        new Thread(WriteAll) { IsBackground = true, Name = "journal writer" }.Start();
    }

    public async ValueTask<ImmutableArray<Outcome>> AppendAsync(ImmutableArray<Unit> batch)
    {
        var work = new Work(batch, new(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            await _queue.Writer.WriteAsync(work);
        }
        catch (ChannelClosedException)
        {
            return [.. batch.Select(static _ => new Outcome.Unknown("The journal is closed."))];
        }

        return await work.Outcomes!.Task;
    }

    /// <summary>Does something between two batches, in a transaction of its own.</summary>
    /// <exception cref="JournalUnavailableException">It failed and left nothing, or the journal is closed.</exception>
    public async ValueTask<T> RunAsync<T>(Func<SqliteConnection, T> write, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _queue.Writer.WriteAsync(new Work([], null) { Errand = () => RunErrand(write, done) }, cancellation);
        }
        catch (ChannelClosedException closed)
        {
            throw new JournalUnavailableException("The journal is closed.", closed);
        }

        return await done.Task;
    }

    /// <summary>Writes what has queued, then ends the thread and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _idle.DisposeAsync();
        _queue.Writer.TryComplete();
        await _stopped.Task;
        _connection.Dispose();
    }

    private void WriteAll()
    {
        // This thread is the writer's own: blocking it is what it is for.
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_queue.Reader.TryRead(out var work))
            {
                if (work.Outcomes is null)
                {
                    (work.Errand ?? CheckpointIfIdle)();
                    continue;
                }

                _appends++;
                work.Outcomes.SetResult(_transactions.Commit(work.Batch));
            }
        }

        _stopped.SetResult();
    }

    private void RunErrand<T>(Func<SqliteConnection, T> write, TaskCompletionSource<T> done)
    {
        try
        {
            _connection.Run("BEGIN IMMEDIATE");
            var written = write(_connection);
            _connection.Run("COMMIT");
            done.SetResult(written);
        }
        catch (Exception trouble)
        {
            // The edge of the writer's thread, as of a batch: nothing may end it.
            RollBack();
            done.SetException(new JournalUnavailableException($"The journal cannot be written: {trouble.Message}", trouble));
        }
    }

    private void RollBack()
    {
        try
        {
            _connection.RollBack();
        }
        catch (SqliteFailure)
        {
            // The next transaction meets the same trouble and says so.
        }
    }

    private void CheckpointIfIdle()
    {
        if (_appends == _appendsAtLastTick && _appends != _appendsAtCheckpoint)
        {
            _appendsAtCheckpoint = _appends;
            try
            {
                _connection.Run("PRAGMA wal_checkpoint(PASSIVE)");
            }
            catch (SqliteFailure)
            {
                // The log keeps everything; the next checkpoint, or the next append, meets the same trouble and says so.
            }
        }

        _appendsAtLastTick = _appends;
    }

    private sealed record Work(ImmutableArray<Unit> Batch, TaskCompletionSource<ImmutableArray<Outcome>>? Outcomes)
    {
        public static readonly Work Tick = new([], null);

        /// <summary>What to do instead of a batch; null for a tick.</summary>
        public Action? Errand { get; init; }
    }
}
