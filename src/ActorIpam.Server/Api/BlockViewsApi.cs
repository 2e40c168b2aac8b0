using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using ActorIpam.Client.Answers;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Door;
using ActorIpam.Server.Api.Tables;

namespace ActorIpam.Server.Api;

/// <summary>Blocks and their ties to hosts as resources that can only be read: <c>ipamblocks</c> and <c>blockaffinities</c> (api.md §2).</summary>
internal sealed class BlockViewsApi(IpamDoor door)
{
    private static readonly ImmutableArray<TableColumn<BlockView>> AffinityColumns =
    [
        new("Name", block => AffinityName(block)),
        new("Node", block => block.Host),
        new("CIDR", block => block.Cidr),
        new("State", _ => "confirmed"),
    ];

    private static readonly ImmutableArray<TableColumn<BlockView>> BlockColumns =
    [
        new("Name", block => BlockName(block)),
        new("CIDR", block => block.Cidr),
        new("Pool", block => block.Pool ?? ""),
        new("Node", block => block.Host ?? ""),
        new("Assigned", block => block.Assigned, Type: "integer"),
        new("Free", block => block.Free, Type: "integer"),
        new("Cooling", block => block.Cooling, IsWide: true, "integer"),
        new("Borrowed", block => block.Borrowed, IsWide: true, "integer"),
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "blockaffinities", "BlockAffinity", AffinityName, AffinityColumns, Affinity, block => block.Host is not null);
        Map(routes, "ipamblocks", "IPAMBlock", BlockName, BlockColumns, Block, _ => true);
    }

    private void Map(
        IEndpointRouteBuilder routes, string plural, string kind, Func<BlockView, string> name, ImmutableArray<TableColumn<BlockView>> columns,
        Func<BlockView, JsonObject> whole, Func<BlockView, bool> belongs)
    {
        var path = $"/apis/{ResourceKinds.ApiVersion}/{plural}";
        routes.MapGet(path, async context =>
        {
            var problem = ResourceParameters.IsWatch(context.Request)
                ? RefusalStatus.Of(405, $"{plural} cannot be watched; list them.")
                : context.Request.UnknownParameter("limit", "includeObject", "pretty", "timeout", "resourceVersion");
            if (problem is not null || !Presentation.Of(context.Request).Is(out var presentation, out problem))
            {
                await context.Response.WriteAsync(problem);
                return;
            }

            var (version, blocks) = await BlocksAsync(belongs, context.RequestAborted);
            await ResourceAnswer.WriteAsync(context, 200, presentation.ShowList(kind, blocks, new() { ["resourceVersion"] = version }, columns, whole));
        });
        routes.MapGet(path + "/{name}", async context =>
        {
            var problem = context.Request.UnknownParameter("includeObject", "pretty", "timeout", "resourceVersion");
            if (problem is not null || !Presentation.Of(context.Request).Is(out var presentation, out problem))
            {
                await context.Response.WriteAsync(problem);
                return;
            }

            var (version, blocks) = await BlocksAsync(block => belongs(block) && name(block) == ResourceAnswer.Name(context), context.RequestAborted);
            await (blocks is [var found]
                ? ResourceAnswer.WriteAsync(context, 200, presentation.Show(found, version, columns, whole))
                : context.Response.WriteAsync(RefusalStatus.Of(new Domain.Refusal(Domain.RefusalCode.NotFound, $"There is no {kind} {ResourceAnswer.Name(context)}.", "metadata.name"), kind, ResourceAnswer.Name(context))));
        });
    }

    private async Task<(string Version, ImmutableArray<BlockView> Blocks)> BlocksAsync(Func<BlockView, bool> wanted, CancellationToken cancellation)
    {
        var list = await door.ListAsync(ResourceKind.IPPool, cancellation);
        var blocks = await door.BlocksAsync(new(null, null), cancellation);
        return (list.ResourceVersion.ToString(CultureInfo.InvariantCulture), [.. blocks.Value.Where(wanted)]);
    }

    private static string BlockName(BlockView block) => block.Cidr.Replace('.', '-').Replace(':', '-').Replace('/', '-');

    private static string AffinityName(BlockView block) => $"{block.Host}-{BlockName(block)}";

    private static JsonObject Affinity(BlockView block) => View("BlockAffinity", AffinityName(block), new()
    {
        ["cidr"] = block.Cidr,
        ["node"] = block.Host,
        ["state"] = "confirmed",
        ["type"] = "host",
        ["deleted"] = false,
    });

    private static JsonObject Block(BlockView block) => View("IPAMBlock", BlockName(block), new()
    {
        ["cidr"] = block.Cidr,
        ["affinity"] = block.Host is null ? null : "host:" + block.Host,
        ["pool"] = block.Pool,
        ["size"] = block.Size,
        ["free"] = block.Free,
        ["assigned"] = block.Assigned,
        ["cooling"] = block.Cooling,
        ["borrowed"] = block.Borrowed,
    });

    private static JsonObject View(string kind, string name, JsonObject spec) => new()
    {
        ["apiVersion"] = ResourceKinds.ApiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = spec,
    };
}
