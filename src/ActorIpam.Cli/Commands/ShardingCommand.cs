using System.CommandLine;
using System.Globalization;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Json;

namespace ActorIpam.Cli.Commands;

/// <summary><c>sharding show</c>: who owns how many keys, and how much each member has to do.</summary>
internal static class ShardingCommand
{
    public static (ExampleCommand, CommandBody) Show() => (
        new("show", "Shows how many hosts, pools and orphaned blocks each member owns, what it keeps in memory, and how many requests wait in it.")
        {
            Examples =
            [
                ("Does each member have its share?", "ipamctl sharding show"),
                ("The same for a program.", "ipamctl sharding show -o json"),
            ],
        },
        ShowAsync);

    private static async Task<int> ShowAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var shards = await session.Client.Cluster.ShardsAsync(cancellation);
        if (!new AddressPrinter(session).TryPrintDocument(shards, ApiJson.Readable.Shards))
        {
            PlainTable.Write(
                session.Terminal.Out,
                ["MEMBER", "HOSTS", "POOLS", "ORPHANS", "CATALOG", "ACTIVATIONS", "ACTORS", "WAITING", "DEEPEST"],
                [
                    .. shards.Items.Select(shard => (string[])
                    [
                        shard.Member, Text(shard.Hosts), Text(shard.Pools), Text(shard.OrphanBlocks), shard.Catalog ? "yes" : "no",
                        Text(shard.Figures?.Activations), Text(shard.Figures?.Actors), Text(shard.Figures?.Waiting), Text(shard.Figures?.Deepest),
                    ]),
                ]);
        }

        return 0;
    }

    /// <summary>A dash for what the member did not tell.</summary>
    private static string Text(int? figure) => figure?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
