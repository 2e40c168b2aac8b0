using System.Collections.Immutable;
using ActorIpam.Domain.Access;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage.Postgres;

/// <summary>The journal and its views in PostgreSQL: many members share one.</summary>
/// <remarks>
/// Judging and writing happen in one function call a batch, in autocommit, in one global lock order (protocol.md §3). Times are kept in
/// microseconds. Calls may run concurrently.
/// </remarks>
public sealed class PostgresJournal : IJournal, IJournalUpkeep, IViews, IDueViews, IPastViews, IStreamBrowser, IAsyncDisposable
{
    private readonly BatchSender _sender;
    private readonly PostgresReader _reader, _lookUps;
    private readonly CoalescedReads<AddressRow> _handles;
    private readonly CoalescedReads<RequestRow> _requests;

    private PostgresJournal(BatchSender sender, PostgresReader reader, PostgresReader lookUps, ITokens tokens, string? warning)
    {
        (_sender, _reader, _lookUps, Tokens, Warning) = (sender, reader, lookUps, tokens, warning);
        _handles = new(handles => lookUps.ListAsync(AddressQueries.OfHandles(handles), AddressQueries.Row, CancellationToken.None), static row => row.Handle!);
        _requests = new(ids => lookUps.ListAsync(AddressQueries.Requests(ids), AddressQueries.RequestRow, CancellationToken.None), static row => row.Id);
    }

    /// <summary>What an operator must be told loudly at start: one sentence, or null.</summary>
    public string? Warning { get; }

    /// <summary>The tokens in the same database.</summary>
    public ITokens Tokens { get; }

    /// <summary>Connects, checks the server's promises, and creates or migrates the tables.</summary>
    /// <param name="connectionString">Npgsql's: <c>Host=…;Username=…;Password=…;Database=…</c>. Several hosts, by comma: the one that takes writes.</param>
    /// <param name="options">The schema and the bounds.</param>
    /// <param name="time">Times waiting and pauses.</param>
    /// <exception cref="PostgresStartException">The journal cannot be used; the message is one sentence for an operator.</exception>
    public static async Task<PostgresJournal> OpenAsync(string connectionString, PostgresOptions options, TimeProvider time)
    {
        var reads = PostgresConnections.ForReads(connectionString, options);
        try
        {
            var warning = await PostgresOpening.CheckAsync(reads, options);
            var reader = new PostgresReader(reads);
            return new(
                new(PostgresConnections.ForAppends(connectionString, options), options, time),
                reader, new(PostgresConnections.ForLookUps(connectionString, options)), new PostgresTokens(reads, reader), warning);
        }
        catch
        {
            await reads.DisposeAsync();
            throw;
        }
    }

    public ValueTask<ImmutableArray<Outcome>> AppendAsync(ImmutableArray<Unit> batch) => _sender.AppendAsync(batch);

    public ValueTask<StreamTail> ReadAsync(StreamId stream, Head after, CancellationToken cancellation) =>
        StreamQueries.TailAsync(_reader, stream, after, cancellation);

    public ValueTask<StreamTail> LoadAsync(StreamId stream, long below, CancellationToken cancellation) =>
        UpkeepQueries.LoadAsync(_reader, stream, below, cancellation);

    public ValueTask<ImmutableArray<StreamLength>> LengthsAsync(string prefix, StreamId? after, int limit, CancellationToken cancellation) =>
        _reader.ListAsync(UpkeepQueries.Lengths(prefix, after, limit), UpkeepQueries.Length, cancellation);

    public async ValueTask<bool> KeepAsync(Snapshot snapshot, CancellationToken cancellation)
    {
        var kept = await _reader.ListAsync(UpkeepQueries.Keep(snapshot), static row => row.GetInt64(0), cancellation);
        if (kept.IsEmpty)
        {
            return false;
        }

        await _reader.ListAsync(UpkeepQueries.DropOlder(snapshot.Stream), static row => row.GetInt64(0), cancellation);
        return true;
    }

    public async ValueTask<int> CutAsync(StreamId stream, Head covered, DateTimeOffset before, int most, CancellationToken cancellation) =>
        (await _reader.ListAsync(UpkeepQueries.Cut(stream, covered, before, most), static row => row.GetInt32(0), cancellation))[0];

    public ValueTask<ImmutableArray<Head>> HeadsAsync(ImmutableArray<StreamId> streams, CancellationToken cancellation) =>
        _reader.ListAsync(StreamQueries.Heads(streams), row => StreamQueries.HeadAt(row, 0), cancellation);

    public ValueTask<ImmutableArray<StreamHead>> StreamsAsync(string prefix, StreamId? after, int limit, CancellationToken cancellation) =>
        _reader.ListAsync(StreamQueries.Streams(prefix, after, limit), row => new StreamHead(new(row.GetString(0)), StreamQueries.HeadAt(row, 1)), cancellation);

    public ValueTask<JournalRow?> RowAsync(StreamId stream, long version, CancellationToken cancellation) =>
        _reader.FindAsync(StreamQueries.Row(stream, version), row => StreamQueries.JournalRowAt(row, 0), cancellation);

    public ValueTask<AddressRow?> AddressAsync(IpAddress ip, CancellationToken cancellation) =>
        _lookUps.FindAsync(AddressQueries.Of([ip]), AddressQueries.Row, cancellation);

    public ValueTask<ImmutableArray<AddressRow>> AddressesAsync(ImmutableArray<IpAddress> ips, CancellationToken cancellation) =>
        _lookUps.ListAsync(AddressQueries.Of(ips), AddressQueries.Row, cancellation);

    public ValueTask<ImmutableArray<AddressRow>> AddressesOfHandleAsync(string handle, CancellationToken cancellation) =>
        _handles.OfAsync(handle, cancellation);

    public async ValueTask<Page<AddressRow>> FindAddressesAsync(AddressFilter filter, CancellationToken cancellation)
    {
        var rows = await _reader.ListAsync(AddressQueries.Find(filter), AddressQueries.Row, cancellation);
        return rows.Length > filter.Limit ? new(rows[..filter.Limit], More: true) : new(rows, More: false);
    }

    public ValueTask<ImmutableArray<AddressHistoryRow>> HistoryAsync(IpAddress ip, CancellationToken cancellation) =>
        _reader.ListAsync(AddressQueries.History(ip), AddressQueries.HistoryRow, cancellation);

    public ValueTask<BlockRow?> BlockAsync(Cidr block, CancellationToken cancellation) =>
        _reader.FindAsync(BlockQueries.Of(block), BlockQueries.Row, cancellation);

    public ValueTask<BlockRow?> BlockContainingAsync(IpAddress ip, CancellationToken cancellation) =>
        _reader.FindAsync(BlockQueries.Containing(ip), BlockQueries.Row, cancellation);

    public ValueTask<ImmutableArray<BlockRow>> BlocksOfAsync(Owner owner, CancellationToken cancellation) =>
        _reader.ListAsync(BlockQueries.OfOwner(owner), BlockQueries.Row, cancellation);

    public async ValueTask<OwnedSight> OwnedAsync(Owner owner, StreamId head, CancellationToken cancellation)
    {
        var (blocks, heads) = await _reader.ListsAsync(
            BlockQueries.OfOwner(owner), BlockQueries.Row, StreamQueries.Heads([head]), row => StreamQueries.HeadAt(row, 0), cancellation);
        return new(heads[0], blocks);
    }

    public ValueTask<ImmutableArray<BlockRow>> BlocksInAsync(Cidr? range, int limit, Cidr? after, CancellationToken cancellation) =>
        _reader.ListAsync(BlockQueries.In(range, limit, after), BlockQueries.Row, cancellation);

    public async ValueTask<RoomSight> RoomAsync(RoomQuestion question, CancellationToken cancellation)
    {
        var (seen, heads) = await _reader.ListsAsync(
            BlockQueries.Walks(question.Walks, question.Most),
            BlockQueries.WalkRow,
            StreamQueries.Heads(question.Heads),
            row => StreamQueries.HeadAt(row, 0),
            cancellation);
        var walks = seen.ToLookup(row => row.Walk, row => row.Block);
        return new([.. question.Walks.Select((_, place) => Seen([.. walks[place + 1]], question.Most))], heads);
    }

    public ValueTask<ImmutableArray<BlockTotals>> TotalsAsync(ImmutableArray<Cidr> ranges, CancellationToken cancellation) =>
        _reader.ListAsync(BlockQueries.Totals(ranges), BlockQueries.TotalsRow, cancellation);

    public async ValueTask<RequestRow?> RequestAsync(string id, CancellationToken cancellation) => (await _requests.OfAsync(id, cancellation)).FirstOrDefault();

    public async ValueTask<DateTimeOffset?> HandleClosedThroughAsync(string handle, CancellationToken cancellation) =>
        await _reader.ListAsync(AddressQueries.ClosedThrough(handle), row => AddressQueries.TimeAt(row, 0), cancellation) is [var through] ? through : null;

    public ValueTask<ImmutableArray<BlockRow>> CoolingThroughAsync(DateTimeOffset through, int limit, CancellationToken cancellation) =>
        _reader.ListAsync(DueQueries.CoolingThrough(through, limit), BlockQueries.Row, cancellation);

    public ValueTask<ImmutableArray<BlockRow>> EmptyBlocksAsync(Cidr? after, int limit, CancellationToken cancellation) =>
        _reader.ListAsync(DueQueries.EmptyBlocks(after, limit), BlockQueries.Row, cancellation);

    public ValueTask<ImmutableArray<OldRequest>> OldRequestsAsync(DateTimeOffset before, OldRequest? after, int limit, CancellationToken cancellation) =>
        _reader.ListAsync(DueQueries.OldRequests(before, after, limit), DueQueries.OldRequest, cancellation);

    public ValueTask<ImmutableArray<ClosedHandle>> ClosedHandlesAsync(string? after, int limit, CancellationToken cancellation) =>
        _reader.ListAsync(DueQueries.ClosedHandles(after, limit), DueQueries.ClosedHandle, cancellation);

    public ValueTask<ImmutableArray<ResourceRow>> ResourcesAsync(string kind, CancellationToken cancellation) =>
        _reader.ListAsync(BlockQueries.Resources(kind), BlockQueries.ResourceRow, cancellation);

    public ValueTask<ImmutableArray<StreamRow>> RowsBehindAsync(ImmutableArray<StreamPlace> places, int limit, CancellationToken cancellation) =>
        _reader.ListAsync(BrowserQueries.RowsBehind(places, limit), BrowserQueries.Row, cancellation);

    public async ValueTask<DateTimeOffset?> HorizonAsync(CancellationToken cancellation) =>
        await _reader.ListAsync(PastQueries.Horizon(), row => AddressQueries.TimeAt(row, 0), cancellation) is [var horizon] ? horizon : null;

    public ValueTask<AddressRow?> AddressAtAsync(IpAddress ip, DateTimeOffset at, CancellationToken cancellation) =>
        _reader.FindAsync(PastQueries.AddressAt(ip, at), AddressQueries.Row, cancellation);

    public async ValueTask<Page<AddressRow>> FindAddressesAtAsync(AddressFilter filter, DateTimeOffset at, CancellationToken cancellation) =>
        (await _reader.ListAsync(PastQueries.FindAt(filter, at), PastQueries.Found, cancellation)).ToPage(filter.Limit);

    public ValueTask<ImmutableArray<BlockHistoryRow>> BlocksAtAsync(
        Cidr? range, Owner? owner, int limit, Cidr? after, DateTimeOffset at, CancellationToken cancellation) =>
        _reader.ListAsync(PastQueries.BlocksAt(range, owner, limit, after, at), PastQueries.Block, cancellation);

    public async ValueTask<ResourcesThen> ResourcesAtAsync(DateTimeOffset at, CancellationToken cancellation)
    {
        var (rows, versions) = await _reader.ListsAsync(
            PastQueries.ResourcesAt(at), BlockQueries.ResourceRow, PastQueries.CatalogVersionAt(at), static row => row.GetInt64(0), cancellation);
        return new(versions is [var version] ? version : 0, rows);
    }

    public async ValueTask<Page<HoldingRow>> HoldingsAsync(HoldingFilter filter, CancellationToken cancellation) =>
        (await _reader.ListAsync(HoldingQueries.Of(filter), HoldingQueries.Row, cancellation)).ToPage(filter.Limit);

    public ValueTask<ImmutableArray<AddressHistoryRow>> HistoryInAsync(Cidr range, CancellationToken cancellation) =>
        _reader.ListAsync(AddressQueries.HistoryIn(range), AddressQueries.HistoryRow, cancellation);

    public async ValueTask<Page<BlockHistoryRow>> BlockHistoryAsync(Cidr block, long after, int limit, CancellationToken cancellation) =>
        (await _reader.ListAsync(PastQueries.BlockHistory(block, after, limit), PastQueries.Block, cancellation)).ToPage(limit);

    public async ValueTask<Page<ResourceHistoryRow>> ResourceHistoryAsync(string kind, string name, int skip, int limit, CancellationToken cancellation) =>
        (await _reader.ListAsync(PastQueries.ResourceHistory(kind, name, skip, limit), PastQueries.Resource, cancellation)).ToPage(limit);

    public ValueTask<ImmutableArray<Grant>> UnredactedAsync(string handle, DateTimeOffset through, int limit, CancellationToken cancellation) =>
        _reader.ListAsync(HoldingQueries.Unredacted(handle, through, limit), HoldingQueries.Grant, cancellation);

    public async ValueTask<bool> HasHistoryBeforeAsync(DateTimeOffset before, CancellationToken cancellation) =>
        (await _reader.ListAsync(HoldingQueries.HasBefore(before), static row => row.GetBoolean(0), cancellation))[0];

    public async ValueTask DisposeAsync()
    {
        await _sender.DisposeAsync();
        await _lookUps.DisposeAsync();
        await _reader.DisposeAsync();
    }

    private static RoomSeen Seen(ImmutableArray<BlockRow> rows, int most) => rows.Length > most ? new(rows[..most], More: true) : new(rows, More: false);
}
