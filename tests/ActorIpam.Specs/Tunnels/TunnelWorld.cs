using System.Collections.Immutable;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using Shouldly;

namespace ActorIpam.Specs.Tunnels;

/// <summary>Members on one journal that all keep tunnel addresses, and look very often.</summary>
internal sealed class TunnelWorld : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), Glance = TimeSpan.FromMilliseconds(5);

    private readonly MemoryJournal _journal = new();
    private readonly SharedChance _chance = new();
    private readonly List<Member> _keepers = [];
    private readonly Member _plain;

    public TunnelWorld() => _plain = Member.Start(Ports, new() { Name = "plain" });

    /// <summary>A door of a member that keeps no tunnel addresses.</summary>
    public IpamDoor Door => _plain.Door;

    private MemberPorts Ports => new(_journal, _journal, TimeProvider.System, _chance);

    public void Keep(int members)
    {
        for (var i = 0; i < members; i++)
        {
            _keepers.Add(Member.Start(Ports, new() { Name = $"keeper-{i}", Tunnels = new() { Look = Glance, Recheck = 4 * Glance } }));
        }
    }

    public async Task PoolAsync(string name, string cidr, string ipip = "Never", string vxlan = "Never", string? selector = null) =>
        Granted(await Door.CreateAsync(
            new IpPool(new(name), new() { Cidr = cidr, BlockSize = cidr.Contains(':', StringComparison.Ordinal) ? 126 : 30, IpipMode = ipip, VxlanMode = vxlan, NodeSelector = selector }), dryRun: false, CancellationToken.None));

    public async Task NodeAsync(string name, NodeSpec? spec = null) =>
        Granted(await Door.CreateAsync(new Node(new(name), spec ?? new()), dryRun: false, CancellationToken.None));

    public async Task DeleteNodeAsync(string name) =>
        Granted(await Door.DeleteAsync(ResourceKind.Node, name, resourceVersion: null, dryRun: false, CancellationToken.None));

    public async Task ChangePoolAsync(string name, Func<IpPoolSpec, IpPoolSpec> change)
    {
        var pool = (IpPool)(await Door.GetAsync(ResourceKind.IPPool, name, CancellationToken.None)).Value;
        Granted(await Door.UpdateAsync(pool with { Spec = change(pool.Spec) }, dryRun: false, CancellationToken.None));
    }

    public async Task<NodeSpec> SpecAsync(string node) => ((Node)(await Door.GetAsync(ResourceKind.Node, node, CancellationToken.None)).Value).Spec;

    public ValueTask<ImmutableArray<AddressRow>> HeldAsync(string handle) => _journal.AddressesOfHandleAsync(handle, CancellationToken.None);

    /// <summary>The one address a handle holds; null while it is none or several.</summary>
    public async Task<string?> OnlyAsync(string handle) => await HeldAsync(handle) is [var row] ? row.Ip.ToString() : null;

    public async Task ReleaseAsync(string ip) =>
        (await Door.ReleaseAsync(new() { Addresses = [new(ip)] }, CancellationToken.None)).Value.Released.ShouldBe([ip]);

    /// <summary>Waits until it is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> so)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await so())
        {
            await Task.Delay(Glance, patience.Token);
        }
    }

    /// <summary>Ends the keepers; whatever they were at is finished.</summary>
    public async Task StopKeepingAsync()
    {
        foreach (var keeper in _keepers)
        {
            await keeper.DisposeAsync();
        }

        _keepers.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopKeepingAsync();
        await _plain.DisposeAsync();
    }

    private static void Granted<T>(Domain.Answer<T> answer) => answer.Refusals.ShouldBeEmpty();

    private sealed class SharedChance : IChance
    {
        public Guid NewId() => Guid.NewGuid();

        public int Next(int limit) => Random.Shared.Next(limit);
    }
}
