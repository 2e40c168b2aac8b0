using System.Collections.Immutable;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Membership;
using ActorIpam.Runtime.Placement;
using ActorIpam.Server.Api;

namespace ActorIpam.Server.Cluster;

/// <summary>The calls about the cluster (api.md §3): who is in it, who owns what, and the request to leave.</summary>
/// <param name="name">This member.</param>
/// <param name="member">This member at work.</param>
/// <param name="presence">Its place among the others; null when it has no member table.</param>
/// <param name="peers">The way to the others; null when there is none.</param>
internal sealed class ClusterApi(string name, Member member, Presence? presence, HttpPeers? peers)
{
    private const string CatalogKey = "catalog";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/cluster/v1/members", MembersAsync);
        routes.MapGet("/cluster/v1/shards", ShardsAsync);
        routes.MapPost("/cluster/v1/members/{name}/leave", LeaveAsync);
    }

    private Task MembersAsync(HttpContext context) => context.Request.UnknownParameter() is { } problem
        ? context.Response.WriteAsync(problem)
        : context.Response.WriteAsync(200, new ClusterMembers { Items = Members() }, ApiJson.Default.ClusterMembers);

    private async Task ShardsAsync(HttpContext context) => await (context.Request.UnknownParameter() is { } problem
        ? context.Response.WriteAsync(problem)
        : context.Response.WriteAsync(200, await ShardsAsync(context.RequestAborted), ApiJson.Default.Shards));

    private ImmutableArray<ClusterMember> Members()
    {
        if (presence is null)
        {
            return [new() { Name = name, Schema = MembershipOptions.ProtocolNumber, State = "alive", Me = true }];
        }

        var rows = presence.Seen.Rows;
        var newest = rows.Max(static row => row.At);
        var living = MembersSeen.Living(rows, presence.Options.Alive).ToHashSet();
        return
        [
            .. rows.Select(row => new ClusterMember
            {
                Name = row.Name,
                Address = row.Address.Length > 0 ? row.Address : null,
                Incarnation = row.Incarnation,
                Schema = row.Protocol,
                AgeSeconds = Math.Round((newest - row.At).TotalSeconds, 1),
                State = !living.Contains(row) ? "dead" : row.IsDraining ? "draining" : "alive",
                Draining = row.IsDraining,
                Suspect = member.Suspects(row),
                Me = row.Name == name,
            }),
        ];
    }

    private async Task<Shards> ShardsAsync(CancellationToken cancellation)
    {
        var nodes = await member.Door.ListAsync(ResourceKind.Node, cancellation);
        var pools = await member.Door.ListAsync(ResourceKind.IPPool, cancellation);
        var blocks = await member.Door.BlocksAsync(new(null, null), cancellation);
        var placed = presence?.Seen.Placed ?? [];
        string[] names = placed.IsEmpty ? [name] : [.. placed.Select(static row => row.Name)];
        var hosts = nodes.Items.Select(static node => node.Metadata.Name).Union(blocks.Value.Select(static block => block.Host).OfType<string>());
        var (byHost, byPool) = (Count(hosts.Select(static host => Owner.Host(host).ToString()), names), Count(pools.Items.Select(static pool => $"pool/{pool.Metadata.Uid}"), names));
        var byOrphan = Count(blocks.Value.Where(static block => block.Host is null).Select(static block => $"block/{block.Cidr}"), names);
        var catalog = Rendezvous.OwnerOf(CatalogKey, names);
        var figures = await Task.WhenAll(names.Select(owner => FiguresAsync(owner, placed, cancellation)));
        return new()
        {
            Items =
            [
                .. names.Select((owner, at) => new Shard
                {
                    Member = owner,
                    Hosts = byHost.GetValueOrDefault(owner),
                    Pools = byPool.GetValueOrDefault(owner),
                    OrphanBlocks = byOrphan.GetValueOrDefault(owner),
                    Catalog = owner == catalog,
                    Figures = figures[at],
                }),
            ],
        };
    }

    private async Task<MemberFigures?> FiguresAsync(string owner, ImmutableArray<MemberRow> placed, CancellationToken cancellation) =>
        owner == name ? member.Figures
        : peers is not null && placed.FirstOrDefault(row => row.Name == owner) is { } row && !member.Suspects(row) ? await peers.FiguresAsync(row, cancellation)
        : null;

    private static Dictionary<string, int> Count(IEnumerable<string> keys, string[] names) =>
        keys.CountBy(key => Rendezvous.OwnerOf(key, names)!, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

    /// <summary>A member that is there drains and stops; the row of a dead one is taken away.</summary>
    private async Task LeaveAsync(HttpContext context)
    {
        var leaving = (string)context.Request.RouteValues["name"]!;
        if (presence is null)
        {
            await context.Response.WriteAsync(RefusalStatus.Of(409, $"Member {name} is alone: its journal is its own. Stop the process instead."));
            return;
        }

        if (Members().FirstOrDefault(row => row.Name == leaving) is not { } found)
        {
            await context.Response.WriteAsync(RefusalStatus.Of(404, $"There is no member {leaving}."));
            return;
        }

        if (found.State == "dead")
        {
            await presence.Table.RemoveAsync(leaving, found.Incarnation!.Value, context.RequestAborted);
        }
        else
        {
            await presence.Table.AskToLeaveAsync(leaving, context.RequestAborted);
        }

        await context.Response.WriteAsync(200, found with { State = found.State == "dead" ? "removed" : "draining", Draining = true }, ApiJson.Default.ClusterMember);
    }
}
