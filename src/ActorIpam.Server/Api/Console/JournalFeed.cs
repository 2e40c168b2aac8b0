using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.EventSourcing;

namespace ActorIpam.Server.Api.Console;

/// <summary>What is recorded in all streams, in the order in which this member finds it, for operators who follow.</summary>
/// <remarks>
/// <para>Nothing is missed: the heads of all streams are compared with those seen before, and what stands between is read. A stream's versions have
/// no gap up to its head (INV-8), so neither the order of commits nor anybody's clock matters. Rows of one stream come in their order; those of
/// different streams that were found by one look are ordered by their time, and rows of one unit may be found by two looks.</para>
/// <para>It looks once a second while somebody follows, and forgets everything a minute after the last one has gone. A token names this feed and a
/// place in it: another member, or this one after a pause, does not know it and says so.</para>
/// </remarks>
internal sealed class JournalFeed(IStreamBrowser browser, TimeProvider time) : IDisposable
{
    /// <summary>How many rows are remembered.</summary>
    public const int Kept = 10_000;

    private const int StreamsPerPage = 10_000, StreamsPerRead = 500, RowsPerRead = 5_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), Lasting = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _looking = new(1, 1);
    private readonly Dictionary<StreamId, long> _seen = [];
    private readonly Queue<StreamRow> _rows = [];
    private string _name = "";
    private long _end;
    private long? _lookedAt;

    /// <summary>What was found behind a place, waiting for something for a while.</summary>
    /// <param name="after">The token of an earlier answer; null to begin now.</param>
    /// <param name="wait">How long to wait when there is nothing yet.</param>
    /// <param name="limit">At most so many rows.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The rows and the token to go on with; null when the token is not known here, or too old.</returns>
    /// <exception cref="JournalUnavailableException">The journal did not answer.</exception>
    public async Task<(ImmutableArray<StreamRow> Rows, string Token)?> AfterAsync(string? after, TimeSpan wait, int limit, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            var found = await LookAsync(after, limit, cancellation);
            if (found is null || after is null || !found.Value.Rows.IsEmpty || time.GetElapsedTime(begun) >= wait)
            {
                return found;
            }

            var left = wait - time.GetElapsedTime(begun);
            await Task.Delay(left < Interval ? left : Interval, time, cancellation);
        }
    }

    public void Dispose() => _looking.Dispose();

    private async Task<(ImmutableArray<StreamRow> Rows, string Token)?> LookAsync(string? after, int limit, CancellationToken cancellation)
    {
        await _looking.WaitAsync(cancellation);
        try
        {
            if (_lookedAt is not { } at || time.GetElapsedTime(at) >= Lasting)
            {
                await BeginAsync(cancellation);
            }
            else if (time.GetElapsedTime(at) >= Interval)
            {
                await ReadAsync(cancellation);
            }

            return Since(after, limit);
        }
        finally
        {
            _looking.Release();
        }
    }

    private (ImmutableArray<StreamRow> Rows, string Token)? Since(string? after, int limit)
    {
        var place = _end;
        if (after is not null)
        {
            if (after.Split('.') is not [var name, var number] || name != _name || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out place))
            {
                return null;
            }

            if (place > _end || place < _end - _rows.Count)
            {
                return null;
            }
        }

        ImmutableArray<StreamRow> rows = [.. _rows.Skip((int)(_rows.Count - (_end - place))).Take(limit)];
        return (rows, string.Create(CultureInfo.InvariantCulture, $"{_name}.{place + rows.Length}"));
    }

    /// <summary>Everything that is recorded already is old.</summary>
    private async Task BeginAsync(CancellationToken cancellation)
    {
        _seen.Clear();
        _rows.Clear();
        (_name, _end, _lookedAt) = (Guid.NewGuid().ToString("N")[..12], 0, null);
        await foreach (var head in HeadsAsync(cancellation))
        {
            _seen[head.Stream] = head.Version;
        }

        _lookedAt = time.GetTimestamp();
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var moved = new List<StreamPlace>();
        await foreach (var head in HeadsAsync(cancellation))
        {
            var known = _seen.GetValueOrDefault(head.Stream);
            if (head.Version > known)
            {
                moved.Add(new(head.Stream, known));
            }
            else if (head.Version < known)
            {
                // The journal went back to a backup: what is recorded from here on is new.
                _seen[head.Stream] = head.Version;
            }
        }

        var found = new List<StreamRow>();
        foreach (var some in moved.Chunk(StreamsPerRead))
        {
            found.AddRange(await BehindAsync([.. some], cancellation));
        }

        foreach (var row in InTime(found))
        {
            _rows.Enqueue(row);
            _seen[row.Stream] = row.Row.Version;
            _end++;
        }

        while (_rows.Count > Kept)
        {
            _rows.Dequeue();
        }

        _lookedAt = time.GetTimestamp();
    }

    private async IAsyncEnumerable<StreamPlace> HeadsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        StreamId? after = null;
        while (true)
        {
            var page = await browser.StreamsAsync("", after, StreamsPerPage, cancellation);
            foreach (var head in page)
            {
                yield return new(head.Stream, head.Head.Version);
            }

            if (page.Length < StreamsPerPage)
            {
                yield break;
            }

            after = page[^1].Stream;
        }
    }

    /// <summary>All rows behind these places, however many there are; streams without events have none.</summary>
    private async Task<List<StreamRow>> BehindAsync(ImmutableArray<StreamPlace> places, CancellationToken cancellation)
    {
        var found = new List<StreamRow>();
        while (true)
        {
            var rows = await browser.RowsBehindAsync(places, RowsPerRead, cancellation);
            found.AddRange(rows);
            if (rows.Length < RowsPerRead)
            {
                return found;
            }

            // They come in the order of the streams: those before the last one are finished.
            var last = rows[^1];
            places = [.. places.Where(place => place.Stream > last.Stream), new(last.Stream, last.Row.Version)];
        }
    }

    /// <summary>By time, but never against the order of a stream, whose members' clocks may differ.</summary>
    private static IEnumerable<StreamRow> InTime(List<StreamRow> found)
    {
        var latest = new Dictionary<StreamId, DateTimeOffset>();
        var timed = new List<(DateTimeOffset At, StreamRow Row)>(found.Count);
        foreach (var row in found.OrderBy(static row => row.Stream).ThenBy(static row => row.Row.Version))
        {
            var at = latest.TryGetValue(row.Stream, out var before) && before > row.Row.At ? before : row.Row.At;
            latest[row.Stream] = at;
            timed.Add((at, row));
        }

        return timed.OrderBy(static one => one.At).Select(static one => one.Row);
    }
}
