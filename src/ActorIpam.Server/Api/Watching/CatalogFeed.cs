using System.Collections.Immutable;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.EventSourcing;

namespace ActorIpam.Server.Api.Watching;

/// <summary>The latest changes of the catalog, read from the tail of its stream for all watchers together.</summary>
/// <remarks>
/// Another member may have made a change, so the stream is asked once a second while somebody watches; changes of this member wake it at once.
/// In a cluster the member's beat tells where the catalog stands: the stream is read when it has moved, and not at all while it stands.
/// It remembers a bounded number of changes: who wants older ones must list again.
/// </remarks>
internal sealed class CatalogFeed(IJournal journal, TimeProvider time) : IDisposable
{
    /// <summary>How many changes are remembered.</summary>
    public const int Kept = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CatalogEventCodec _codec = new();
    private readonly SemaphoreSlim _reading = new(1, 1);
    private ImmutableDictionary<(ResourceKind, string), Resource> _present = ImmutableDictionary<(ResourceKind, string), Resource>.Empty;
    private ImmutableList<CatalogChange> _changes = [];
    private TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Head _head;
    private long _forgotten;
    private int _history;
    private long? _readAt;
    private volatile bool _isStale = true;
    private volatile Told? _told;

    /// <summary>This member has changed a resource.</summary>
    public void Wake()
    {
        _isStale = true;
        Interlocked.Exchange(ref _woken, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>The catalog stood there a moment ago.</summary>
    public void Tell(Head catalog)
    {
        _told = new(catalog, time.GetTimestamp());
        if (catalog != _head)
        {
            Wake();
        }
    }

    /// <summary>Returns after the next change of this member, or after a second.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        var woken = _woken.Task;
        await Task.WhenAny(woken, Task.Delay(Interval, time, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Every change behind a version.</summary>
    /// <exception cref="JournalUnavailableException">The journal did not answer.</exception>
    public async Task<FeedTail> AfterAsync(long version, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            if (_isStale || version > _head.Version || _readAt is not { } readAt || (time.GetElapsedTime(readAt) >= Interval && !IsKnownToStand))
            {
                await ReadAsync(cancellation);
            }

            return new(_head.Version, _history, version < _forgotten || version > _head.Version, [.. _changes.Where(change => change.Version > version)]);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    /// <summary>A recent beat saw the catalog where this feed has read it.</summary>
    private bool IsKnownToStand => _told is { } told && told.Catalog == _head && time.GetElapsedTime(told.At) < 2 * Interval;

    private async Task ReadAsync(CancellationToken cancellation)
    {
        _isStale = false;
        var tail = await journal.ReadAsync(Streams.Catalog, _head, cancellation);
        if (!tail.Continues)
        {
            // The journal went back to a backup: what was told is no longer true, and every watcher must list again.
            (_present, _changes, _head, _forgotten) = (_present.Clear(), [], Head.None, 0);
            _history++;
            tail = await journal.ReadAsync(Streams.Catalog, Head.None, cancellation);
        }

        foreach (var row in tail.Rows)
        {
            foreach (var fact in _codec.Read(row.Events, row.Schema))
            {
                Note(row.Version, fact);
            }
        }

        (_head, _readAt) = (tail.Head, time.GetTimestamp());
        if (_changes.Count > Kept)
        {
            _forgotten = _changes[_changes.Count - Kept - 1].Version;
            _changes = _changes.GetRange(_changes.Count - Kept, Kept);
        }
    }

    private void Note(long version, CatalogEvent fact)
    {
        if (fact is CatalogEvent.RecoveryBegun or CatalogEvent.HolderReported or CatalogEvent.RecoveryEnded)
        {
            // No resource changed.
            return;
        }

        var (kind, name, after) = fact switch
        {
            CatalogEvent.Created { Resource: var created } => (created.Kind, created.Metadata.Name, created),
            CatalogEvent.Updated { Resource: var updated } => (updated.Kind, updated.Metadata.Name, updated),
            CatalogEvent.Deleted deleted => (deleted.Kind, deleted.Name, (Resource?)null),
            _ => throw new InvalidOperationException($"{fact.GetType().Name} changes nothing."),
        };
        var before = _present.GetValueOrDefault((kind, name));
        _changes = _changes.Add(new(version, kind, before, after));
        _present = after is null ? _present.Remove((kind, name)) : _present.SetItem((kind, name), after);
    }

    private sealed record Told(Head Catalog, long At);
}

/// <summary>One change of one resource.</summary>
/// <param name="Version">The version of the catalog it made.</param>
/// <param name="Kind">The kind of the resource.</param>
/// <param name="Before">As it was; null when it did not exist.</param>
/// <param name="After">As it is; null when it was deleted.</param>
internal sealed record CatalogChange(long Version, ResourceKind Kind, Resource? Before, Resource? After);

/// <param name="Version">The catalog's version.</param>
/// <param name="History">Changes when the journal went back: what was told before does not count any more.</param>
/// <param name="IsExpired">True when the version asked for is too old, or none that was ever reached.</param>
/// <param name="Changes">In order.</param>
internal sealed record FeedTail(long Version, int History, bool IsExpired, ImmutableArray<CatalogChange> Changes);
