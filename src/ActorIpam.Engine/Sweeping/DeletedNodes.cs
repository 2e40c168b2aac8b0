using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Sweeping;

/// <summary>The nodes that were deleted and not created again, with the time of the deletion: a fold of the catalog's stream, which is never cut.</summary>
/// <remarks>A host that never had a node is not here: it is not gone (protocol.md §5).</remarks>
internal sealed class DeletedNodes(IJournal journal)
{
    private readonly CatalogEventCodec _codec = new();
    private readonly SortedDictionary<string, DateTimeOffset> _names = new(StringComparer.Ordinal);
    private Head _seen;

    /// <summary>Those whose blocks may not all be gone, by name.</summary>
    public IReadOnlyCollection<KeyValuePair<string, DateTimeOffset>> Unfinished => _names;

    public async Task RefreshAsync(CancellationToken cancellation)
    {
        var tail = await journal.ReadAsync(Streams.Catalog, _seen, cancellation);
        if (!tail.Continues)
        {
            // The journal went back to a backup: what was read of another future never happened.
            _names.Clear();
            tail = await journal.ReadAsync(Streams.Catalog, Head.None, cancellation);
        }

        foreach (var row in tail.Rows)
        {
            foreach (var fact in _codec.Read(row.Events, row.Schema))
            {
                Note(fact, row.At);
            }
        }

        _seen = tail.Head;
    }

    /// <summary>No block from before the deletion is left; none can come back.</summary>
    public void Finish(string name) => _names.Remove(name);

    private void Note(CatalogEvent fact, DateTimeOffset at)
    {
        switch (fact)
        {
            case CatalogEvent.Created { Resource: Node node }:
                _names.Remove(node.Metadata.Name);
                break;
            case CatalogEvent.Deleted { Kind: ResourceKind.Node } deleted:
                _names[deleted.Name] = at;
                break;
        }
    }
}
