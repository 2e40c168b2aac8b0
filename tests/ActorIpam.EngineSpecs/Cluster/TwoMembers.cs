using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine;
using ActorIpam.Engine.Forwarding;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Membership;
using ActorIpam.Runtime.Placement;
using Shouldly;

namespace ActorIpam.EngineSpecs.Cluster;

/// <summary>Member A is asked, member B owns the host; what they send each other goes over a wire that tests hold in their hands.</summary>
public abstract class TwoMembers : IAsyncLifetime
{
    private protected static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A host whose owner is B.</summary>
    private protected static readonly string Host = Enumerable.Range(0, 100).Select(at => $"node-{at}").First(host => Rendezvous.OwnerOf($"host:{host}", ["a", "b"]) == "b");

    private protected TableClock Clock { get; } = new();

    private protected MemoryJournal Journal { get; } = new();

    private protected Dictionary<string, Member> Members { get; } = [];

    private protected Dictionary<string, Presence> Presences { get; } = [];

    private protected Wire Wire { get; }

    private protected TwoMembers() => Wire = new(Members);

    private protected virtual IEnumerable<string> Names => ["a", "b"];

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected Member A => Members["a"];

    public async ValueTask InitializeAsync()
    {
        var table = new MemoryMemberTable(TimeProvider.System, () => Head.None);
        var chance = new Counting();
        foreach (var name in Names)
        {
            Presences[name] = new(table, TimeProvider.System, new() { Name = name, Address = $"http://{name}", Beat = TimeSpan.FromSeconds(30) });
            await Presences[name].JoinAsync(Cancellation);
        }

        foreach (var (name, presence) in Presences)
        {
            await presence.BeatAsync(Cancellation);
            var ports = new MemberPorts(Journal, ViewsOf(name), Clock, chance) { Cluster = new(presence, Wire) };
            Members[name] = Member.Start(ports, new() { Name = name, Forwarding = new() { Patience = TimeSpan.FromSeconds(3) } });
        }

        await A.Door.CreateAsync(new Node(new(Host), new()), dryRun: false, Cancellation);
        await A.Door.CreateAsync(new IpPool(new("web"), new() { Cidr = "10.0.0.0/30", BlockSize = 30 }), dryRun: false, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in Members.Values)
        {
            await member.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>What a member looks things up in.</summary>
    private protected virtual IViews ViewsOf(string member) => Journal;

    private protected static AssignRequest Request(string handle, DateTimeOffset? issued = null) => new() { Host = Host, Handle = handle, Ipv4 = 1, IssuedAt = issued };

    private protected async Task<string[]> AssignAsync(string handle, DateTimeOffset? issued = null) =>
        [.. (await A.Door.AssignAsync(Request(handle, issued), Cancellation)).Value.Ipv4.Select(address => address.Address)];

    private protected Task<Answer<AssignAnswer>> FillAsync() => A.Door.AssignAsync(Request("full") with { Ipv4 = 4 }, Cancellation);

    /// <summary>B was started again, so nobody suspects it any more.</summary>
    private protected async Task ForgiveAsync()
    {
        await Presences["b"].JoinAsync(Cancellation);
        await Presences["a"].BeatAsync(Cancellation);
    }

    private protected async Task<string[]> HeldAsync(string handle) => [.. (await Journal.AddressesOfHandleAsync(handle, Cancellation)).Select(row => row.Ip.ToString())];
}
