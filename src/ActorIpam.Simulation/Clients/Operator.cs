using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Simulation.Clients;

/// <summary>Sets a world up and then changes its catalog while it is used.</summary>
internal sealed class Operator(Caller caller, WorldPlan plan, string name)
{
    public async Task SetUpAsync()
    {
        await caller.CreateAsync(Configuration(plan.Strict));
        foreach (var pool in plan.Pools)
        {
            await caller.CreateAsync(Pool(pool, disabled: false));
        }

        for (var i = 0; i < plan.Hosts.Length; i++)
        {
            await caller.CreateAsync(Node(plan.Hosts[i], i % 2 == 0 ? "a" : "b"));
        }
    }

    public async Task WorkAsync()
    {
        for (var i = 0; i < plan.Changes; i++)
        {
            await caller.RestAsync(plan.Flurries ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromSeconds(4));
            await ChangeAsync(caller.Dice.Next(plan.MaxBlocks == 0 ? 7 : 6), i.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Two operators who do not know of each other: their changes may fall into one read of somebody who looks at the catalog.</summary>
    public Task WorkTogetherAsync(Operator other) => Task.WhenAll(WorkAsync(), other.WorkAsync());

    /// <summary>Mostly long enough for many assignments, sometimes not long enough for whoever is late.</summary>
    private Task KeepAsync() => caller.RestAsync(TimeSpan.FromMilliseconds(caller.Dice.Next(3) == 0 ? 50 : plan.Flurries ? 12_000 : 3000));

    private async Task ChangeAsync(int kind, string number)
    {
        var pool = caller.Dice.OneOf(plan.Pools);
        var host = caller.Dice.OneOf(plan.Hosts);
        switch (kind)
        {
            case 0:
                await caller.UpdateAsync(Pool(pool, disabled: true));
                await KeepAsync();
                await caller.UpdateAsync(Pool(pool, disabled: false));
                break;
            case 1:
                await caller.DeleteAsync(ResourceKind.IPPool, pool.Name);
                await KeepAsync();
                await caller.CreateAsync(Pool(pool, disabled: false));
                break;
            case 2:
                await caller.CreateAsync(Reservation($"{name}-{number}", pool));
                await KeepAsync();
                await caller.DeleteAsync(ResourceKind.IPReservation, $"{name}-{number}");
                break;
            case 3:
                await caller.UpdateAsync(Node(host, caller.Dice.Next(2) == 0 ? "a" : "b"));
                break;
            case 5:
                await SplitAsync(pool);
                break;
            case 6:
                await caller.UpdateAsync(Configuration(!plan.Strict));
                await KeepAsync();
                await caller.UpdateAsync(Configuration(plan.Strict));
                break;
            default:
                await caller.DeleteAsync(ResourceKind.Node, host);
                await KeepAsync();
                await caller.CreateAsync(Node(host, "a"));
                break;
        }
    }

    /// <summary>Splits a pool, lets its parts serve for a while, and puts the whole in their place again.</summary>
    private async Task SplitAsync(PoolPlan pool)
    {
        var parts = caller.Dice.Next(3) == 0 ? 4 : 2;
        for (string? next = null; ;)
        {
            var answer = await caller.SplitAsync(new() { Pool = pool.Name, Parts = parts, Continue = next });
            if (answer.IsRefused || answer.Value.Done)
            {
                break;
            }

            next = answer.Value.Continue;
            await caller.RestAsync(TimeSpan.FromMilliseconds(100));
        }

        await KeepAsync();
        for (var index = 0; index < parts; index++)
        {
            await caller.DeleteAsync(ResourceKind.IPPool, PoolSplit.ChildName(pool.Name, index));
        }

        await caller.CreateAsync(Pool(pool, disabled: false));
    }

    private IpamConfiguration Configuration(bool strict) => new(new("default"), new()
    {
        StrictAffinity = strict,
        AutoAllocateBlocks = true,
        IpCooldownSeconds = plan.Cooldown,
    });

    internal static IpPool Pool(PoolPlan pool, bool disabled) => new(new(pool.Name), new()
    {
        Cidr = pool.Cidr,
        BlockSize = pool.BlockSize,
        NodeSelector = pool.Selector,
        Disabled = disabled,
        IpipMode = pool.Tunnel == Tunnel.Ipip ? "Always" : null,
        VxlanMode = pool.Tunnel == Tunnel.Vxlan ? "Always" : null,
    });

    private static Node Node(string host, string zone) => new(new(host) { Labels = Metadata.EmptyMap.Add("zone", zone) }, new()
    {
        Bgp = new() { Ipv4Address = $"192.168.0.{host[1..]}/24" },
    });

    private IpReservation Reservation(string name, PoolPlan pool)
    {
        var range = Cidr.Parse(pool.Cidr);
        var address = range.First.Plus((UInt128)caller.Dice.Next((int)range.Size));
        return new(new(name), [Cidr.Containing(address, pool.IsIpv6 ? caller.Dice.Between(126, 128) : caller.Dice.Between(30, 32)).ToString()]);
    }
}
