using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Checking;

/// <summary>Folds the catalog's stream row by row, and notes what history must tell of each resource and how often each head without events was raised. It is never cut.</summary>
internal sealed class CatalogReplay
{
    private readonly SortedDictionary<(string Kind, string Name), List<ResourceHistoryRow>> _told = [];
    private readonly SortedDictionary<StreamId, int> _raises = [];
    private readonly HashSet<string> _pools = new(StringComparer.Ordinal);

    private CatalogReplay(Head head) => Head = head;

    public ResourceCatalog State { get; private set; } = ResourceCatalog.Empty;

    public Head Head { get; }

    /// <summary>What history must tell of each resource that ever was, the oldest first.</summary>
    public IReadOnlyDictionary<(string Kind, string Name), List<ResourceHistoryRow>> Told => _told;

    /// <summary>How many changes raised <c>policy</c> and each node's head: these stand at least so high (INV-10).</summary>
    public IReadOnlyDictionary<StreamId, int> Raises => _raises;

    /// <summary>The uids of all pools that ever were.</summary>
    public IReadOnlySet<string> Pools => _pools;

    /// <returns>Null when the stream is broken, which is noted.</returns>
    public static async Task<CatalogReplay?> OfAsync(MemberPorts ports, Findings findings, CancellationToken cancellation)
    {
        var tail = await ports.Journal.ReadAsync(Streams.Catalog, Head.None, cancellation);
        try
        {
            var replay = new CatalogReplay(tail.Head);
            var version = 0L;
            foreach (var row in tail.Rows)
            {
                Invariant.Holds(row.Version == version + 1, "INV-8", $"{Streams.Catalog} has version {row.Version} behind {version}.");
                version = row.Version;
                replay.Then(row);
            }

            Invariant.Holds(version == tail.Head.Version, "INV-8", $"{Streams.Catalog} ends at {version} but its head says {tail.Head.Version}.");
            Invariant.Holds(
                tail.Rows.IsEmpty || tail.Rows[^1].Commit == tail.Head.Commit, "INV-8", $"{Streams.Catalog} ends with another commit than its head names.");
            return replay;
        }
        catch (Exception broken) when (broken is InvariantViolationException or UnreadableEventException)
        {
            findings.Add(CheckKind.StreamBroken, Streams.Catalog.Value, broken.Message);
            return null;
        }
    }

    private void Then(JournalRow row)
    {
        foreach (var fact in new CatalogEventCodec().Read(row.Events, row.Schema))
        {
            var before = State;
            State = before.Apply(fact);
            if (fact is CatalogEvent.RecoveryBegun or CatalogEvent.HolderReported or CatalogEvent.RecoveryEnded)
            {
                // No resource changed. A recovery raises policy when it begins and when it ends.
                _raises[Streams.Policy] = _raises.GetValueOrDefault(Streams.Policy) + (fact is CatalogEvent.HolderReported ? 0 : 1);
                continue;
            }

            var subject = fact switch
            {
                CatalogEvent.Created created => created.Resource,
                CatalogEvent.Updated updated => updated.Resource,
                CatalogEvent.Deleted deleted => before.Find(deleted.Kind, deleted.Name),
                _ => null,
            };
            Invariant.Holds(subject is not null, "INV-7", $"{Streams.Catalog} deletes at version {row.Version} what is not there.");
            var raised = subject is Node node ? Streams.Node(node.Metadata.Name) : Streams.Policy;
            _raises[raised] = _raises.GetValueOrDefault(raised) + 1;
            if (subject is IpPool { Metadata.Uid: { } uid })
            {
                _pools.Add(uid);
            }

            Tell(subject!, fact is not CatalogEvent.Deleted, row.At);
        }
    }

    /// <summary>Times of one resource never go back.</summary>
    private void Tell(Resource subject, bool stands, DateTimeOffset at)
    {
        var key = (subject.Kind.ToString(), subject.Metadata.Name);
        if (!_told.TryGetValue(key, out var told))
        {
            _told[key] = told = [];
        }

        if (told.Count > 0 && told[^1].To is null)
        {
            told[^1] = told[^1] with { To = at > told[^1].From ? at : told[^1].From };
        }

        if (stands)
        {
            var from = told.Count > 0 && told[^1].To > at ? told[^1].To!.Value : at;
            told.Add(new(CatalogCheck.Row(State.Find(subject.Kind, subject.Metadata.Name)!), from, null));
        }
    }
}
