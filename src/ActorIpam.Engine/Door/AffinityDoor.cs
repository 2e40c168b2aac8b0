using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Affinities;
using ActorIpam.Engine.Allocation;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Door;

/// <summary>Where claims and give-backs of blocks come in (semantics.md §9.4).</summary>
internal sealed class AffinityDoor(Workplace workplace, AssignDoor assigning)
{
    private const int BlocksPerUnit = 64, MostBlocks = 4096, BlocksPerPage = 1000;

    public async Task<Answer<EnsureBlockAnswer>> EnsureAsync(EnsureBlockRequest request, CancellationToken cancellation)
    {
        var checks = new Checks();
        var spec = assigning.Read(
            new() { Host = request.Host, Ipv4Pools = request.Ipv4Pools, Ipv6Pools = request.Ipv6Pools, HostReservedIpv4 = request.HostReservedIpv4, HostReservedIpv6 = request.HostReservedIpv6 },
            checks);
        if (request is { HostReservedIpv4: null, HostReservedIpv6: null })
        {
            checks.Say(RefusalCode.Invalid, "hostReservedIpv4", "At least one of hostReservedIpv4 and hostReservedIpv6 is required: it says which family gets a block.");
        }

        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        return await workplace.AskAsync(spec.Holding.Owner, new EnsureBlockCommand(spec) { Deadline = workplace.Deadline }, cancellation);
    }

    public async Task<Answer<AffinityAnswer>> ClaimAsync(AffinityRequest request, CancellationToken cancellation)
    {
        var checks = new Checks();
        var (range, pool) = await ReadAsync(request, checks, cancellation);
        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var owner = Owner.Host(request.Host!);
        var answer = new AffinityAnswer();
        foreach (var some in BlocksIn(range, pool!.Grid).Chunk(BlocksPerUnit))
        {
            var claimed = await workplace.AskAsync(owner, new ClaimCommand(owner, pool, [.. some]) { Deadline = workplace.Deadline }, cancellation);
            if (claimed.IsRefused)
            {
                return claimed.Refusals;
            }

            answer = answer with { Claimed = answer.Claimed.AddRange(claimed.Value.Claimed), Failed = answer.Failed.AddRange(claimed.Value.Failed) };
        }

        return answer;
    }

    public async Task<Answer<AffinityAnswer>> ReleaseAsync(AffinityRequest request, CancellationToken cancellation)
    {
        var checks = new Checks();
        var (range, _) = await ReadAsync(request, checks, cancellation);
        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var owner = Owner.Host(request.Host!);
        var released = ImmutableArray.CreateBuilder<string>();
        await foreach (var row in AllBlocksAsync(range, cancellation))
        {
            if (row.Owner != owner)
            {
                continue;
            }

            var ended = await EndAsync(new(row.Block, owner, request.MustBeEmpty, "asked") { Deadline = workplace.Deadline }, cancellation);
            if (ended.IsRefused)
            {
                return ended.Refusals;
            }

            if (ended.Value)
            {
                released.Add(row.Block.ToString());
            }
        }

        return new AffinityAnswer { Released = released.ToImmutable() };
    }

    public async Task<Answer<AffinityAnswer>> ReleaseAllOfAsync(string host, bool mustBeEmpty, CancellationToken cancellation)
    {
        var checks = new Checks();
        checks.Host(host);
        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var owner = Owner.Host(host);
        var rows = await workplace.Ports.Views.BlocksOfAsync(owner, cancellation);
        return await EndAllAsync(rows, owner, mustBeEmpty, "asked", onlyWithoutNode: false, cancellation);
    }

    /// <summary>Ends every ownership inside a range, whoever has it.</summary>
    public async Task<Answer<AffinityAnswer>> ReleaseAllInAsync(string cidr, string why, CancellationToken cancellation)
    {
        if (!Cidr.TryParse(cidr, out var range))
        {
            return new Refusal(RefusalCode.CidrInvalid, $"'{cidr}' is not a CIDR.", "cidr");
        }

        var rows = ImmutableArray.CreateBuilder<BlockRow>();
        await foreach (var row in AllBlocksAsync(range, cancellation))
        {
            if (row.Owner is not null)
            {
                rows.Add(row);
            }
        }

        return await EndAllAsync(rows.ToImmutable(), owner: null, mustBeEmpty: false, why, onlyWithoutNode: false, cancellation);
    }

    /// <summary>The blocks of a host whose node is gone lose their owner, each only as long as the node stays gone.</summary>
    public async Task<Answer<AffinityAnswer>> ReleaseAllOfGoneAsync(string node, CancellationToken cancellation)
    {
        var owner = Owner.Host(node);
        var rows = await workplace.Ports.Views.BlocksOfAsync(owner, cancellation);
        return await EndAllAsync(rows, owner, mustBeEmpty: false, "node-deleted", onlyWithoutNode: true, cancellation);
    }

    /// <summary>Goes on past blocks that must not be given back; the last refusal is the answer then.</summary>
    private async Task<Answer<AffinityAnswer>> EndAllAsync(
        ImmutableArray<BlockRow> rows, Owner? owner, bool mustBeEmpty, string why, bool onlyWithoutNode, CancellationToken cancellation)
    {
        var released = ImmutableArray.CreateBuilder<string>();
        Answer<AffinityAnswer>? refused = null;
        foreach (var row in rows)
        {
            var ended = await EndAsync(new(row.Block, owner, mustBeEmpty, why, onlyWithoutNode) { Deadline = workplace.Deadline }, cancellation);
            if (ended.IsRefused)
            {
                refused = ended.Refusals;
            }
            else if (ended.Value)
            {
                released.Add(row.Block.ToString());
            }
        }

        return refused ?? new AffinityAnswer { Released = released.ToImmutable() };
    }

    private async Task<Answer<bool>> EndAsync(EndCommand command, CancellationToken cancellation)
    {
        var ended = await workplace.TurnAsync(command, cancellation);
        await workplace.Ports.Faults.PassAsync(FaultPoint.AffinityEnded);
        return ended;
    }

    private async Task<(Cidr Range, PoolPolicy? Pool)> ReadAsync(AffinityRequest request, Checks checks, CancellationToken cancellation)
    {
        checks.Host(request.Host);
        if (!Cidr.TryParse(request.Cidr, out var range))
        {
            checks.Say(RefusalCode.CidrInvalid, "cidr", $"'{request.Cidr}' is not a CIDR.");
            return default;
        }

        var (catalog, _) = await workplace.CatalogAsync(cancellation);
        if (catalog.PoolServing(range.First) is not { } pool)
        {
            checks.Say(RefusalCode.NotInPool, "cidr", $"{range} does not begin in an enabled pool.");
            return default;
        }

        if (range.Length > pool.Grid.BlockLength)
        {
            checks.Say(RefusalCode.CidrTooSmall, "cidr", $"{range} is smaller than a block of pool {pool.Name} (/{pool.Grid.BlockLength}).");
        }
        else if (UInt128.One << (pool.Grid.BlockLength - Math.Max(range.Length, pool.Range.Length)) > MostBlocks)
        {
            checks.Say(RefusalCode.TooMany, "cidr", $"{range} is more than {MostBlocks} blocks of pool {pool.Name}: claim it in parts.");
        }

        return (range, pool);
    }

    /// <summary>The blocks of the range, as far as the pool reaches.</summary>
    private static IEnumerable<Cidr> BlocksIn(Cidr range, BlockGrid grid)
    {
        var inside = range.Contains(grid.Range) ? grid.Range : range;
        var first = grid.IndexOf(grid.BlockOf(inside.First));
        var last = grid.IndexOf(grid.BlockOf(inside.Last));
        for (var index = first; index <= last; index++)
        {
            yield return grid.BlockAt(index);
        }
    }

    private async IAsyncEnumerable<BlockRow> AllBlocksAsync(Cidr range, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        Cidr? after = null;
        while (true)
        {
            var rows = await workplace.Ports.Views.BlocksInAsync(range, BlocksPerPage, after, cancellation);
            foreach (var row in rows)
            {
                yield return row;
            }

            if (rows.Length < BlocksPerPage)
            {
                yield break;
            }

            after = rows[^1].Block;
        }
    }
}
