using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Turns;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Actors;
using ActorIpam.Runtime.GroupCommit;

namespace ActorIpam.Engine.Resources;

/// <summary>The catalog: one command a turn, one object a command; its version is the resourceVersion (design.md §2).</summary>
/// <remarks>INV-10: a change of a pool, reservation or configuration raises <c>policy</c>, a change of a node raises <c>node/NAME</c>, in the same unit.</remarks>
internal sealed class CatalogActor(
    Entry<ResourceCatalog, CatalogEvent> entry, Sights sights, MemberPorts ports, Committer committer, MemberOptions options)
{
    public Task<Answer<Resource>> CreateAsync(Resource given, bool dryRun, CancellationToken cancellation) =>
        TurnAsync((catalog, turn) => new(catalog.DecideCreate(given, turn)), (given as IpPool)?.Spec.Cidr, dryRun, prepared: null, cancellation);

    /// <summary>Creates a part of a pool that is being split and therefore disabled: the one overlap that is allowed (semantics.md §4.5).</summary>
    public Task<Answer<Resource>> CreatePartAsync(IpPool part, string whole, CancellationToken cancellation) =>
        TurnAsync((catalog, turn) => new(catalog.DecideCreate(part, turn with { SplitOf = whole })), part.Spec.Cidr, dryRun: false, prepared: null, cancellation);

    /// <param name="given">What it shall be.</param>
    /// <param name="dryRun">Decides only.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="complete">Fills in what the given resource cannot know, from the catalog the update is decided on; null when there is nothing such.</param>
    public Task<Answer<Resource>> UpdateAsync(
        Resource given, bool dryRun, CancellationToken cancellation, Func<ResourceCatalog, ValueTask<Resource>>? complete = null) =>
        TurnAsync(
            async (catalog, turn) => catalog.DecideUpdate(complete is null ? given : await complete(catalog), turn), range: null, dryRun, prepared: null, cancellation);

    /// <param name="kind">The kind.</param>
    /// <param name="name">The name.</param>
    /// <param name="resourceVersion">The version it must have; null for any.</param>
    /// <param name="dryRun">Decides only.</param>
    /// <param name="prepared">What was made sure of before; null when nothing has to be.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="PreparationMovedException">What was made sure of holds no longer: prepare again.</exception>
    public Task<Answer<Resource>> DeleteAsync(
        ResourceKind kind, string name, long? resourceVersion, bool dryRun, Preparation? prepared, CancellationToken cancellation) =>
        TurnAsync((catalog, _) => new(catalog.DecideDelete(kind, name, resourceVersion)), range: null, dryRun, prepared, cancellation);

    private async Task<Answer<Resource>> TurnAsync(
        Func<ResourceCatalog, CatalogTurn, ValueTask<Answer<CatalogDecision>>> decide, string? range, bool dryRun, Preparation? prepared, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < options.LossesPerTurn + 1; attempt++)
        {
            using var hold = await Entries.HoldAsync([entry], cancellation);
            await entry.RefreshAsync(ports.Journal, cancellation);
            var (catalog, head) = entry.Recall();
            if (prepared?.StillHolds(catalog) == false)
            {
                throw new PreparationMovedException();
            }

            var leftovers = Cidr.TryParse(range, out var cidr) ? await LeftoversAsync(cidr, dryRun, cancellation) : [];
            var turn = new CatalogTurn(ports.Time.Reading(), ports.Chance.NewId().ToString(), head.Version + 1, leftovers);
            var decision = await decide(catalog, turn);
            if (decision.IsRefused || decision.Value is CatalogDecision.Unchanged)
            {
                if (dryRun || await StandsAsync(head))
                {
                    return decision.IsRefused ? decision.Refusals : ((CatalogDecision.Unchanged)decision.Value).Resource;
                }

                continue;
            }

            var fact = ((CatalogDecision.Changes)decision.Value).Event;
            if (dryRun || await RecordAsync(catalog, head, fact, prepared?.Fences ?? []))
            {
                return Subject(catalog, fact);
            }
        }

        throw new UnavailableException("Others changed the resources at the same time, again and again.");
    }

    /// <summary>The blocks that lie in a range. One that is seen to be gone may be there again on a standby that takes over: whoever is there at either end of a commit counts.</summary>
    private async Task<ImmutableArray<Cidr>> LeftoversAsync(Cidr range, bool dryRun, CancellationToken cancellation)
    {
        var seen = await LookAsync();
        if (dryRun)
        {
            return seen;
        }

        await AskAsync();
        return [.. seen.Union(await LookAsync())];

        async Task<ImmutableArray<Cidr>> LookAsync() =>
            [.. (await ports.Views.BlocksInAsync(range, options.LeftoversLooked, after: null, cancellation)).Select(static row => row.Block)];
    }

    /// <summary>An answer that changes nothing leaves behind a commit, like every other: what it was decided on may be seen and not yet durable.</summary>
    /// <returns>False when the catalog has moved.</returns>
    private async Task<bool> StandsAsync(Head head)
    {
#if PLANTED_BUGS
        if (Planted.Is("unchanged-resources-are-not-fenced"))
        {
            return true;
        }

#endif
        return await AskAsync(new Fence(Streams.Catalog, head));
    }

    /// <summary>Commits a unit that writes nothing.</summary>
    /// <returns>False when one of the heads has moved.</returns>
    private async Task<bool> AskAsync(params ImmutableArray<Fence> fences)
    {
        var outcome = await committer.CommitAsync(new(new(ports.Chance.NewId())) { At = ports.Time.Reading(), Member = options.Name, Fences = fences });
        return outcome is Outcome.Failed failed ? throw TurnRunner.Failure(failed) : outcome is not Outcome.Lost;
    }

    private async Task<bool> RecordAsync(ResourceCatalog catalog, Head head, CatalogEvent fact, ImmutableArray<Fence> fences)
    {
        var unit = new Unit(new(ports.Chance.NewId()))
        {
            At = ports.Time.Reading(),
            Member = options.Name,
            Appends = [new(Streams.Catalog, head, entry.Codec.Schema, entry.Codec.Write([fact]))],
            Fences = [.. fences.OrderBy(static fence => fence.Stream)],
#if PLANTED_BUGS
            Raises = Planted.Is("policy-not-raised") && RaisedBy(Subject(catalog, fact)) == Streams.Policy || Planted.Is("node-not-raised") && Subject(catalog, fact) is Node ? [] : [RaisedBy(Subject(catalog, fact))],
#else
            Raises = [RaisedBy(Subject(catalog, fact))],
#endif
            Views = [ToView(fact, head.Version + 1)],
        };
        switch (await committer.CommitAsync(unit))
        {
            case Outcome.Won or Outcome.AlreadyMine:
                entry.Remember(catalog.Apply(fact), head.Next(unit.Commit));
                sights.ForgetAll();
                await ports.Faults.PassAsync(FaultPoint.CatalogChanged);
                return true;
            case Outcome.Lost lost when fences.Any(fence => lost.Moved.Contains(fence.Stream)):
                throw new PreparationMovedException();
            case Outcome.Lost:
                return false;
            case Outcome.Failed failed:
                entry.MarkStale();
                throw TurnRunner.Failure(failed);
            case var other:
                throw new InvalidOperationException($"A change of the catalog ended with {other.GetType().Name}.");
        }
    }

    private static Resource Subject(ResourceCatalog catalog, CatalogEvent fact) => fact switch
    {
        CatalogEvent.Created created => created.Resource,
        CatalogEvent.Updated updated => updated.Resource,
        CatalogEvent.Deleted deleted => catalog.Find(deleted.Kind, deleted.Name)!,
        _ => throw new InvalidOperationException($"{fact.GetType().Name} is about nothing."),
    };

    private static StreamId RaisedBy(Resource subject) => subject is Node node ? Streams.Node(node.Metadata.Name) : Streams.Policy;

    private static ViewChange ToView(CatalogEvent fact, long version) => fact switch
    {
        CatalogEvent.Deleted deleted => new IpamViewChange.ResourceGone(deleted.Kind.ToString(), deleted.Name),
        CatalogEvent.Created { Resource: var stored } => Stored(stored, version),
        CatalogEvent.Updated { Resource: var stored } => Stored(stored, version),
        _ => throw new InvalidOperationException($"{fact.GetType().Name} shows nothing."),
    };

    private static IpamViewChange.ResourceStored Stored(Resource resource, long version) =>
        new(new(resource.Kind.ToString(), resource.Metadata.Name, resource.Metadata.Uid!, version, ResourceJson.Write(resource)));
}

/// <summary>What was made sure of before a change of the catalog.</summary>
/// <param name="Fences">The heads it was made sure under.</param>
/// <param name="StillHolds">What must be true of the catalog the change is decided on.</param>
internal sealed record Preparation(ImmutableArray<Fence> Fences, Func<ResourceCatalog, bool> StillHolds);

/// <summary>What a change of the catalog was prepared under has moved; it must be prepared again.</summary>
internal sealed class PreparationMovedException() : Exception("What a change was prepared under has moved.");
