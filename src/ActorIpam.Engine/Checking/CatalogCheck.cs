using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Checking;

/// <summary>Compares the catalog's stream with the rows of resources (INV-7).</summary>
internal sealed class CatalogCheck(MemberPorts ports, Findings findings)
{
    /// <returns>The catalog; null when its stream is broken.</returns>
    public async Task<ResourceCatalog?> RunAsync(CancellationToken cancellation)
    {
        for (var look = 0; ; look++)
        {
            if (await Replay.OfAsync(ports, findings, Streams.Catalog, ResourceCatalog.Empty, new CatalogEventCodec(), cancellation) is not { } replayed)
            {
                return null;
            }

            var rows = new List<ResourceRow>();
            foreach (var kind in Enum.GetValues<ResourceKind>())
            {
                rows.AddRange(await ports.Views.ResourcesAsync(kind.ToString(), cancellation));
            }

            var heads = await ports.Journal.HeadsAsync([Streams.Catalog], cancellation);
            if (heads[0] == replayed.Head || look == Replay.Looks)
            {
                Compare(replayed.State, rows);
                return replayed.State;
            }
        }
    }

    private void Compare(ResourceCatalog catalog, List<ResourceRow> rows)
    {
        var expected = Enum.GetValues<ResourceKind>().SelectMany(kind => catalog.List(kind))
            .ToDictionary(static resource => $"{resource.Kind} {resource.Metadata.Name}", Row);
        findings.Count(resources: expected.Count);
        foreach (var row in rows)
        {
            var name = $"{row.Kind} {row.Name}";
            if (!expected.Remove(name, out var told))
            {
                findings.Add(CheckKind.ResourceDiffers, name, "A row shows it; the catalog's stream does not know it.", Streams.Catalog);
            }
            else if ((told.Uid, told.ResourceVersion) != (row.Uid, row.ResourceVersion) || !IsSame(told.Body, row.Body))
            {
                findings.Add(CheckKind.ResourceDiffers, name, "Its row is not what the catalog's stream says.", Streams.Catalog);
            }
        }

        foreach (var name in expected.Keys)
        {
            findings.Add(CheckKind.ResourceDiffers, name, "The catalog's stream knows it; no row shows it.", Streams.Catalog);
        }
    }

    /// <summary>The row that a resource of the catalog is shown by.</summary>
    public static ResourceRow Row(Resource resource) =>
        new(resource.Kind.ToString(), resource.Metadata.Name, resource.Metadata.Uid!, resource.Metadata.ResourceVersion!.Value, ResourceJson.Write(resource));

    /// <summary>The database may keep a body with other blanks or another order of fields.</summary>
    public static bool IsSame(string left, string right) =>
        left == right || System.Text.Json.Nodes.JsonNode.DeepEquals(System.Text.Json.Nodes.JsonNode.Parse(left), System.Text.Json.Nodes.JsonNode.Parse(right));
}
