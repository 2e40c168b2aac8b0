using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Conformance.Scenarios;

/// <summary>Writes a resource into the journal without asking the catalog: what a newer or faulty writer could have left there.</summary>
internal sealed class AroundTheRules(IJournal journal, TimeProvider time, IChance chance)
{
    private static readonly StreamId Catalog = new("catalog");
    private static readonly StreamId Policy = new("policy");

    /// <exception cref="InvalidOperationException">The journal did not take it.</exception>
    public async Task StoreAsync(IpPool pool)
    {
        var codec = new CatalogEventCodec();
        var head = (await journal.HeadsAsync([Catalog], CancellationToken.None))[0];
        var stored = Stored(pool, head.Version + 1);
        var unit = new Unit(new(chance.NewId()))
        {
            At = time.GetUtcNow(),
            Member = "around",
            Appends = [new(Catalog, head, codec.Schema, codec.Write([new CatalogEvent.Created(stored)]))],
            Raises = [Policy],
            Views = [new IpamViewChange.ResourceStored(Row(stored))],
        };
        if ((await journal.AppendAsync([unit]))[0] is not Outcome.Won)
        {
            throw new InvalidOperationException("The journal did not take what was written around the rules.");
        }
    }

    private Resource Stored(IpPool pool, long version)
    {
        var filled = ResourceDefaults.Fill(pool);
        return filled with
        {
            Metadata = filled.Metadata with { Uid = chance.NewId().ToString(), ResourceVersion = version, CreationTimestamp = time.GetUtcNow() },
        };
    }

    private static ResourceRow Row(Resource stored) => new(
        ResourceKinds.Of(stored.Kind).Name, stored.Metadata.Name, stored.Metadata.Uid!, stored.Metadata.ResourceVersion!.Value, ResourceJson.Write(stored));
}
