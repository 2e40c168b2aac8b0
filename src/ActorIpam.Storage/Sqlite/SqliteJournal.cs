using System.Collections.Immutable;
using ActorIpam.Domain.Access;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage.Sqlite;

/// <summary>The journal and its views in one SQLite file, for a member that needs nothing installed.</summary>
/// <remarks>One process has it open at a time. What was answered survives kill -9 and loss of power: each commit is synced before its answer.</remarks>
public sealed class SqliteJournal : IJournal, IJournalUpkeep, IViews, IDueViews, IPastViews, IStreamBrowser, IAsyncDisposable
{
    private readonly FileStream _lock;
    private readonly SqliteCounters _counters;
    private readonly SqliteReaders _readers;
    private readonly SqliteWriter _writer;

    private SqliteJournal(FileStream fileLock, SqliteCounters counters, SqliteReaders readers, SqliteWriter writer, ITokens tokens)
    {
        Tokens = tokens;
        _lock = fileLock;
        _counters = counters;
        _readers = readers;
        _writer = writer;
    }

    /// <summary>The tokens in the same file.</summary>
    public ITokens Tokens { get; }

    /// <summary>Opens a journal; creates the file, its folder and its tables when they are not there.</summary>
    /// <param name="file">The database file. Its log and its lock lie beside it.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">Finds idle moments for checkpoints.</param>
    /// <exception cref="StorageInUseException">It is open elsewhere.</exception>
    /// <exception cref="StorageUnreadableException">A newer release wrote it, or it is no journal.</exception>
    /// <exception cref="IOException">The file cannot be opened or created.</exception>
    public static Task<SqliteJournal> OpenAsync(string file, SqliteOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        return Task.Run(() => Open(Path.GetFullPath(file), options, time));
    }

    /// <summary>What it has cost since it was opened, and its size.</summary>
    public ValueTask<SqliteStatistics> StatisticsAsync(CancellationToken cancellation) => _readers.SnapshotAsync(
        connection => _counters.With(connection.Number("PRAGMA page_count") * connection.Number("PRAGMA page_size")), cancellation);

    public ValueTask<ImmutableArray<Outcome>> AppendAsync(ImmutableArray<Unit> batch) => _writer.AppendAsync(batch);

    public ValueTask<StreamTail> ReadAsync(StreamId stream, Head after, CancellationToken cancellation) =>
        _readers.SnapshotAsync(connection => SqliteTails.Read(connection, stream, after), cancellation);

    public ValueTask<StreamTail> LoadAsync(StreamId stream, long below, CancellationToken cancellation) =>
        _readers.SnapshotAsync(connection => SqliteTails.Load(connection, stream, below), cancellation);

    public ValueTask<ImmutableArray<StreamLength>> LengthsAsync(string prefix, StreamId? after, int limit, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteUpkeep.Lengths(connection, prefix, after, limit), cancellation);

    public ValueTask<bool> KeepAsync(Snapshot snapshot, CancellationToken cancellation) =>
        _writer.RunAsync(connection => SqliteUpkeep.Keep(connection, snapshot), cancellation);

    public ValueTask<int> CutAsync(StreamId stream, Head covered, DateTimeOffset before, int most, CancellationToken cancellation) =>
        _writer.RunAsync(connection => SqliteUpkeep.Cut(connection, stream, covered, before, most), cancellation);

    public ValueTask<ImmutableArray<Head>> HeadsAsync(ImmutableArray<StreamId> streams, CancellationToken cancellation) =>
        _readers.SnapshotAsync<ImmutableArray<Head>>(connection => [.. streams.Select(stream => SqliteRows.HeadOf(connection, stream))], cancellation);

    public ValueTask<ImmutableArray<StreamHead>> StreamsAsync(string prefix, StreamId? after, int limit, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteTails.Streams(connection, prefix, after, limit), cancellation);

    public ValueTask<JournalRow?> RowAsync(StreamId stream, long version, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteTails.Row(connection, stream, version), cancellation);

    public ValueTask<AddressRow?> AddressAsync(IpAddress ip, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteAddressQueries.Address(connection, ip), cancellation);

    public ValueTask<ImmutableArray<AddressRow>> AddressesAsync(ImmutableArray<IpAddress> ips, CancellationToken cancellation) =>
        _readers.SnapshotAsync(connection => SqliteAddressQueries.Addresses(connection, ips), cancellation);

    public ValueTask<ImmutableArray<AddressRow>> AddressesOfHandleAsync(string handle, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteAddressQueries.OfHandle(connection, handle), cancellation);

    public ValueTask<Page<AddressRow>> FindAddressesAsync(AddressFilter filter, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteAddressQueries.Find(connection, filter), cancellation);

    public ValueTask<ImmutableArray<AddressHistoryRow>> HistoryAsync(IpAddress ip, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteAddressQueries.History(connection, ip), cancellation);

    public ValueTask<BlockRow?> BlockAsync(Cidr block, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteBlockQueries.Block(connection, block), cancellation);

    public ValueTask<BlockRow?> BlockContainingAsync(IpAddress ip, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteBlockQueries.Containing(connection, ip), cancellation);

    public ValueTask<ImmutableArray<BlockRow>> BlocksOfAsync(Owner owner, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteBlockQueries.Of(connection, owner.ToString()), cancellation);

    public ValueTask<OwnedSight> OwnedAsync(Owner owner, StreamId head, CancellationToken cancellation) =>
        _readers.SnapshotAsync(connection => new OwnedSight(SqliteRows.HeadOf(connection, head), SqliteBlockQueries.Of(connection, owner.ToString())), cancellation);

    public ValueTask<ImmutableArray<BlockRow>> BlocksInAsync(Cidr? range, int limit, Cidr? after, CancellationToken cancellation) =>
        _readers.SnapshotAsync(connection => SqliteBlockQueries.In(connection, range, limit, after), cancellation);

    public ValueTask<RoomSight> RoomAsync(RoomQuestion question, CancellationToken cancellation) =>
        _readers.SnapshotAsync(connection => SqliteBlockQueries.Room(connection, question), cancellation);

    public ValueTask<ImmutableArray<BlockTotals>> TotalsAsync(ImmutableArray<Cidr> ranges, CancellationToken cancellation) =>
        _readers.SnapshotAsync<ImmutableArray<BlockTotals>>(connection => [.. ranges.Select(range => SqliteBlockQueries.Totals(connection, range))], cancellation);

    public ValueTask<RequestRow?> RequestAsync(string id, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteRows.RequestOf(connection, id), cancellation);

    public ValueTask<DateTimeOffset?> HandleClosedThroughAsync(string handle, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteRows.ClosedThrough(connection, handle), cancellation);

    public ValueTask<ImmutableArray<BlockRow>> CoolingThroughAsync(DateTimeOffset through, int limit, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteDueQueries.CoolingThrough(connection, through, limit), cancellation);

    public ValueTask<ImmutableArray<BlockRow>> EmptyBlocksAsync(Cidr? after, int limit, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteDueQueries.EmptyBlocks(connection, after, limit), cancellation);

    public ValueTask<ImmutableArray<OldRequest>> OldRequestsAsync(DateTimeOffset before, OldRequest? after, int limit, CancellationToken cancellation) =>
        _readers.SnapshotAsync(connection => SqliteDueQueries.OldRequests(connection, before, after, limit), cancellation);

    public ValueTask<ImmutableArray<ClosedHandle>> ClosedHandlesAsync(string? after, int limit, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteDueQueries.ClosedHandles(connection, after, limit), cancellation);

    public ValueTask<ImmutableArray<ResourceRow>> ResourcesAsync(string kind, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteTails.Resources(connection, kind), cancellation);

    public ValueTask<ImmutableArray<StreamRow>> RowsBehindAsync(ImmutableArray<StreamPlace> places, int limit, CancellationToken cancellation) =>
        _readers.SnapshotAsync(connection => SqliteBrowserQueries.RowsBehind(connection, places, limit), cancellation);

    public ValueTask<DateTimeOffset?> HorizonAsync(CancellationToken cancellation) => _readers.QueryAsync(SqlitePastQueries.Horizon, cancellation);

    public ValueTask<AddressRow?> AddressAtAsync(IpAddress ip, DateTimeOffset at, CancellationToken cancellation) =>
        _readers.SnapshotAsync(connection => SqlitePastQueries.AddressAt(connection, ip, at), cancellation);

    public ValueTask<Page<AddressRow>> FindAddressesAtAsync(AddressFilter filter, DateTimeOffset at, CancellationToken cancellation) =>
        _readers.SnapshotAsync(connection => SqlitePastQueries.FindAt(connection, filter, at), cancellation);

    public ValueTask<ImmutableArray<BlockHistoryRow>> BlocksAtAsync(
        Cidr? range, Owner? owner, int limit, Cidr? after, DateTimeOffset at, CancellationToken cancellation) =>
        _readers.SnapshotAsync(connection => SqlitePastQueries.BlocksAt(connection, range, owner, limit, after, at), cancellation);

    public ValueTask<ResourcesThen> ResourcesAtAsync(DateTimeOffset at, CancellationToken cancellation) =>
        _readers.SnapshotAsync(connection => SqlitePastQueries.ResourcesAt(connection, at), cancellation);

    public ValueTask<Page<HoldingRow>> HoldingsAsync(HoldingFilter filter, CancellationToken cancellation) =>
        _readers.SnapshotAsync(connection => SqliteHoldingQueries.Holdings(connection, filter), cancellation);

    public ValueTask<ImmutableArray<AddressHistoryRow>> HistoryInAsync(Cidr range, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteAddressQueries.HistoryIn(connection, range), cancellation);

    public ValueTask<Page<BlockHistoryRow>> BlockHistoryAsync(Cidr block, long after, int limit, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqlitePastQueries.BlockHistory(connection, block, after, limit), cancellation);

    public ValueTask<Page<ResourceHistoryRow>> ResourceHistoryAsync(string kind, string name, int skip, int limit, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqlitePastQueries.ResourceHistory(connection, kind, name, skip, limit), cancellation);

    public ValueTask<ImmutableArray<Grant>> UnredactedAsync(string handle, DateTimeOffset through, int limit, CancellationToken cancellation) =>
        _readers.SnapshotAsync(connection => SqliteHoldingQueries.Unredacted(connection, handle, through, limit), cancellation);

    public ValueTask<bool> HasHistoryBeforeAsync(DateTimeOffset before, CancellationToken cancellation) =>
        _readers.QueryAsync(connection => SqliteHoldingQueries.HasBefore(connection, before), cancellation);

    /// <summary>Commits what has queued, closes the file and gives the lock back.</summary>
    public async ValueTask DisposeAsync()
    {
        // The writer closes last: the last connection folds the log into the file.
        _readers.Dispose();
        await _writer.DisposeAsync();
        await _lock.DisposeAsync();
    }

    private static SqliteJournal Open(string file, SqliteOptions options, TimeProvider time)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var fileLock = StorageLock.Take(file);
        try
        {
            var counters = new SqliteCounters();
            KeepPrivate(file);
            // The writer's connection first: it creates what the readers need.
            var writing = SqliteOpening.OpenWriter(file, options, counters);
            var readers = new SqliteReaders(options.Readers, () => SqliteOpening.OpenReader(file, counters));
            return new(fileLock, counters, readers, new(writing, options, time), new SqliteTokens(readers, () => SqliteOpening.OpenForTokens(file, counters)));
        }
        catch (SqliteFailure cause)
        {
            fileLock.Dispose();
            throw new IOException($"The journal {file} cannot be opened: {cause.Message}", cause);
        }
        catch
        {
            fileLock.Dispose();
            throw;
        }
    }

    /// <summary>A new file is its owner's alone, and so are the files that SQLite puts beside it: attributes may name people.</summary>
    private static void KeepPrivate(string file)
    {
        if (!OperatingSystem.IsWindows() && !File.Exists(file))
        {
            using var created = new FileStream(file, PrivateFile.Options(FileMode.CreateNew));
        }
    }
}
