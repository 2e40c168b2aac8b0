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
        return await GiveBackAsync(() => OwnedAsync(range, owner, cancellation), new(owner, request.MustBeEmpty, "asked") { StopsAtRefusal = true }, cancellation);
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
        return await GiveBackAsync(() => OwnedAsync(owner, cancellation), new(owner, mustBeEmpty, "asked"), cancellation);
    }

    /// <summary>Gives back every block inside a range, whoever owns it.</summary>
    public async Task<Answer<AffinityAnswer>> ReleaseAllInAsync(string cidr, CancellationToken cancellation) => Cidr.TryParse(cidr, out var range)
        ? await GiveBackAsync(() => OwnedAsync(range, owner: null, cancellation), new(Owner: null, MustBeEmpty: false, "asked"), cancellation)
        : new Refusal(RefusalCode.CidrInvalid, $"'{cidr}' is not a CIDR.", "cidr");

    /// <summary>The blocks of a pool that is being deleted lose their owners. One that this look misses is found by whoever removes the pool: he fences that nobody owns a block of it.</summary>
    public async Task EndAllInAsync(Cidr range, CancellationToken cancellation) =>
        await EndEachAsync(await OwnedAsync(range, owner: null, cancellation), new(Owner: null, MustBeEmpty: false, "pool-deleted"), cancellation);

    /// <summary>The blocks of a host whose node is gone lose their owner, each only as long as the node stays gone. One that this look misses is found by the sweepers.</summary>
    public async Task EndAllOfGoneAsync(string node, CancellationToken cancellation)
    {
        var owner = Owner.Host(node);
        await EndEachAsync(await OwnedAsync(owner, cancellation), new(owner, MustBeEmpty: false, "node-deleted") { OnlyWithoutNode = true }, cancellation);
    }

    /// <summary>Ends what is owned before and behind a commit: a block that is passed over was seen without this owner by both looks.</summary>
    /// <remarks>
    /// One look alone may show a give-back that no standby has, and the next primary has lost (docs/decisions/0011); for two to do so takes two take-overs within one call.
    /// What was seen and is gone when it is to be ended needs no third look: that answer is a unit, which fences the block.
    /// A block that is claimed meanwhile may keep its owner: it was his later than he gave it back.
    /// </remarks>
    private async Task<Answer<AffinityAnswer>> GiveBackAsync(Func<Task<ImmutableArray<Cidr>>> look, Ending ending, CancellationToken cancellation)
    {
        var before = await look();
#if PLANTED_BUGS
        if (EventSourcing.Planted.Is("give-back-by-one-look"))
        {
            return await EndEachAsync(before, ending, cancellation);
        }

#endif
        var behind = await workplace.SettledAsync(before, look, static (_, _) => true, cancellation);
        return await EndEachAsync([.. before.Union(behind)], ending, cancellation);
    }

    /// <summary>Ends these ownerships one by one. It goes on past blocks that must not be given back, and answers the last refusal then, unless it is to stop at the first.</summary>
    private async Task<Answer<AffinityAnswer>> EndEachAsync(ImmutableArray<Cidr> blocks, Ending ending, CancellationToken cancellation)
    {
        var released = ImmutableArray.CreateBuilder<string>();
        Answer<AffinityAnswer>? refused = null;
        foreach (var block in blocks)
        {
            var ended = await workplace.TurnAsync(
                new EndCommand(block, ending.Owner, ending.MustBeEmpty, ending.Why, ending.OnlyWithoutNode) { Deadline = workplace.Deadline }, cancellation);
            await workplace.Ports.Faults.PassAsync(FaultPoint.AffinityEnded);
            if (ended.IsRefused)
            {
                refused = ended.Refusals;
                if (ending.StopsAtRefusal)
                {
                    break;
                }
            }
            else if (ended.Value)
            {
                released.Add(block.ToString());
            }
        }

        return refused ?? new AffinityAnswer { Released = released.ToImmutable() };
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

    private async Task<ImmutableArray<Cidr>> OwnedAsync(Owner owner, CancellationToken cancellation) =>
        [.. (await workplace.Ports.Views.BlocksOfAsync(owner, cancellation)).Select(static row => row.Block)];

    /// <param name="range">Where to look.</param>
    /// <param name="owner">Whose blocks; null for those of any owner.</param>
    /// <param name="cancellation">Ends the wait.</param>
    private async Task<ImmutableArray<Cidr>> OwnedAsync(Cidr range, Owner? owner, CancellationToken cancellation)
    {
        var owned = ImmutableArray.CreateBuilder<Cidr>();
        Cidr? after = null;
        while (true)
        {
            var rows = await workplace.Ports.Views.BlocksInAsync(range, BlocksPerPage, after, cancellation);
            owned.AddRange(rows.Where(row => owner is null ? row.Owner is not null : row.Owner == owner).Select(static row => row.Block));
            if (rows.Length < BlocksPerPage)
            {
                return owned.ToImmutable();
            }

            after = rows[^1].Block;
        }
    }

    /// <summary>Which ownerships are to end, and why.</summary>
    /// <param name="Owner">Only this one's; null for whoever has the block.</param>
    /// <param name="MustBeEmpty">Refuses blocks in which addresses are held or cool.</param>
    /// <param name="Why">Stands in the event.</param>
    private sealed record Ending(Owner? Owner, bool MustBeEmpty, string Why)
    {
        /// <summary>Only while the owner's node is gone.</summary>
        public bool OnlyWithoutNode { get; init; }

        /// <summary>The first refusal ends it; else the others go on.</summary>
        public bool StopsAtRefusal { get; init; }
    }
}
