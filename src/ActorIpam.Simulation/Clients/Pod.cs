using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Simulation.Clients;

/// <summary>A workload on a host: comes, gets addresses, repeats itself, and goes, in every way the API allows.</summary>
internal sealed class Pod(Caller caller, WorldPlan plan, ContainerRuntime runtime, string host, string name)
{
    /// <summary>A runtime with a boot clock says when it asks, and its releases are final; others name requests only.</summary>
    private readonly bool _isContainer = caller.Dice.Next(2) == 0;

    private readonly string _handle = ContainerRuntime.HandleOf(name);

    public async Task LiveAsync()
    {
        for (var round = 1; round <= plan.Rounds; round++)
        {
            await caller.RestAsync(plan.Pace);
            var id = $"{name}.{round.ToString(CultureInfo.InvariantCulture)}";
            if (caller.Dice.Next(8) == 0)
            {
                await LiveAtGivenAddressAsync(id);
            }
            else
            {
                await LiveAsync(Draw(id));
            }
        }
    }

    private async Task LiveAsync(AssignRequest request)
    {
        using var life = runtime.Begin(_handle);
        if (_isContainer && caller.Dice.Next(10) == 0)
        {
            // The release overtakes the assignment: whatever is committed first, nothing may remain (INV-4).
            await Task.WhenAll(caller.AssignAsync(request), ReleaseHandleAsync());
            return;
        }

        var granted = await AssignAsync(request);
        await caller.RestAsync(plan.Pace);
        if (caller.Dice.Next(4) == 0)
        {
            await caller.AssignAsync(request);
        }

        // From here on it does not care any more: garbage may be collected before its release, or instead of it.
        life.Dispose();
        if (caller.Dice.Next(plan.Collections > 0 ? 3 : 6) != 0)
        {
            await ReleaseAsync(granted, request.RequestId!);
        }

        if (caller.Dice.Next(4) == 0)
        {
            await caller.AssignAsync(request);
        }
    }

    /// <summary>Sometimes the same request goes to two members at once; both answers must be the same grant (INV-13).</summary>
    private async Task<ImmutableArray<AssignedAddress>> AssignAsync(AssignRequest request)
    {
        if (caller.Dice.Next(5) == 0)
        {
            await Task.WhenAll(caller.AssignAsync(request), caller.AssignAsync(request));
        }

        if (caller.Dice.Next(6) == 0)
        {
            // Another request for the same handle at the same time: a cap must hold for both together.
            await Task.WhenAll(caller.AssignAsync(Draw($"{request.RequestId}.b")), caller.AssignAsync(request));
        }

        var answer = await caller.AssignAsync(request);
        return answer.IsRefused ? [] : answer.Value.Ipv4.AddRange(answer.Value.Ipv6);
    }

    private async Task LiveAtGivenAddressAsync(string id)
    {
        using var life = runtime.Begin(_handle);
        var pool = Domain.Addressing.Cidr.Parse(caller.Dice.OneOf(plan.Pools).Cidr);
        var ip = pool.First.Plus((UInt128)caller.Dice.Next((int)pool.Size));
        var answer = await caller.AssignIpAsync(new()
        {
            Host = host,
            Handle = _handle,
            Ip = ip.ToString(),
            MaxPerHandle = caller.Dice.Next(3) == 0 ? 1 : 0,
            RequestId = id,
            IssuedAt = _isContainer ? caller.Now : null,
        });
        await caller.RestAsync(plan.Pace);
        life.Dispose();
        if (!answer.IsRefused)
        {
            await ReleaseAsync([answer.Value], id);
        }
    }

    private Task ReleaseAsync(ImmutableArray<AssignedAddress> granted, string id)
    {
        if (_isContainer || granted.IsEmpty || caller.Dice.Next(2) == 0)
        {
            return ReleaseHandleAsync();
        }

        var (byGeneration, byHandle) = caller.Dice.Next(3) switch { 0 => (true, false), 1 => (false, true), _ => (false, false) };
        return caller.ReleaseAsync(new()
        {
            Addresses = [.. granted.Select(address => new ReleaseEntry(address.Address, byHandle ? _handle : null, byGeneration ? address.Generation : null))],

            // Whoever names generations needs no name for his request: its repeat finds another generation, or nobody.
            RequestId = byGeneration && caller.Dice.Next(2) == 0 ? null : $"{id}.release",
        });
    }

    private Task<Answer<ReleaseHandleAnswer>> ReleaseHandleAsync() =>
        caller.ReleaseHandleAsync(new() { Handle = _handle, Host = host, Final = _isContainer, IssuedAt = _isContainer ? caller.Now : null });

    private AssignRequest Draw(string id)
    {
        var dice = caller.Dice;
        return new()
        {
            Host = host,
            Handle = _handle,
            Ipv4 = dice.Next(3) == 0 ? dice.Between(2, 4) : 1,
            Ipv6 = plan.HasIpv6 && dice.Next(2) == 0 ? dice.Between(1, 2) : 0,
            Ipv4Pools = dice.Next(6) == 0 ? [dice.OneOf(plan.Pools.Where(pool => !pool.IsIpv6).ToArray()).Cidr] : [],
            MaxBlocks = plan.MaxBlocks,
            AllOrNothing = dice.Next(4) == 0,
            MaxPerHandle = dice.Next(8) == 0 ? dice.Between(1, 3) : 0,
            RequestId = id,
            IssuedAt = _isContainer ? caller.Now : null,
        };
    }
}
