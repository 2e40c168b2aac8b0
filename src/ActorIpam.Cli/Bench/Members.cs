using System.Collections.Immutable;
using ActorIpam.Client.Http;
using ActorIpam.Domain.Blocks;
using ActorIpam.Runtime.Placement;

namespace ActorIpam.Cli.Bench;

/// <summary>Where the load goes: the members that were named, and which of them owns a host.</summary>
internal sealed class Members
{
    private readonly ImmutableDictionary<string, ServerAddress> _owners;

    private Members(ClientOptions options, ImmutableDictionary<string, ServerAddress> owners) => (Options, _owners) = (options, owners);

    public ClientOptions Options { get; }

    /// <summary>Asks each member for its name and whom it sees.</summary>
    /// <exception cref="CommandFailure">The owner is to be asked, and a member of the cluster was not named.</exception>
    public static async Task<Members> MeetAsync(ClientOptions options, Route route, CancellationToken cancellation)
    {
        var owners = ImmutableDictionary.CreateBuilder<string, ServerAddress>(StringComparer.Ordinal);
        var alive = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var server in options.Servers)
        {
            using var client = new IpamClient(options with { Servers = [server] });
            foreach (var member in (await client.Cluster.MembersAsync(cancellation)).Items.Where(static member => member.State == "alive"))
            {
                alive.Add(member.Name);
                if (member.Me)
                {
                    owners[member.Name] = server;
                }
            }
        }

        return route != Route.Owner || alive.IsSubsetOf(owners.Keys)
            ? new(options, owners.ToImmutable())
            : throw new CommandFailure($"--route owner: members {string.Join(", ", alive.Except(owners.Keys))} of the cluster were not named; name all with --server.");
    }

    public ServerAddress For(Route route, int client, string host) => route == Route.Owner
        ? _owners[Rendezvous.OwnerOf(Owner.Host(host).ToString(), _owners.Keys)!]
        : Options.Servers[client % Options.Servers.Length];
}
