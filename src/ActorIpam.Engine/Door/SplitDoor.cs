using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Affinities;
using ActorIpam.Engine.Resources;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Door;

/// <summary>Splits a pool while it is in use: disable, create the parts, move each block, remove (semantics.md §4.5).</summary>
/// <remarks>
/// Each step is one unit and asks what is already done, so a call that is repeated, by whomever and after whatever crash, goes on where the work stands.
/// docs/decisions/0008-live-split.md walks through the interleavings.
/// </remarks>
internal sealed class SplitDoor(Workplace workplace, CatalogActor catalog, ResourceDoor resources)
{
    /// <summary>What one call does at most, so that it is answered in time.</summary>
    private const int PartsPerCall = 64, BlocksPerCall = 256, BlocksPerLook = 1000;

    public async Task<Answer<SplitAnswer>> SplitAsync(SplitRequest request, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(request.Pool))
        {
            return new Refusal(RefusalCode.Invalid, "pool is required: a name or an exact CIDR.", "pool");
        }

        Cidr? after = Cidr.TryParse(request.Continue, out var last) ? last : null;
        if (request.Continue is not null && after is null)
        {
            return new Refusal(RefusalCode.Invalid, "continue is not what an earlier call answered.", "continue");
        }

        var (known, _) = await workplace.CatalogAsync(cancellation);
        if (Whole(known, request) is null)
        {
            // It may have been seen gone on a primary that no standby follows (docs/decisions/0011): a commit tells.
            known = await workplace.SettledAsync(
                known, async () => (await workplace.CatalogAsync(cancellation)).Catalog, (one, other) => IsGone(one) == IsGone(other) && Finished(one, request)?.Done == Finished(other, request)?.Done, cancellation);
        }

        if (Whole(known, request) is not { } whole)
        {
            return Finished(known, request) ?? (Answer<SplitAnswer>)new Refusal(RefusalCode.NotFound, $"There is no IPPool {request.Pool}.", "pool");
        }

        var plan = SplitPlan.Of(known, whole, request.Parts);
        return plan.IsRefused ? plan.Refusals : await GoOnAsync(plan.Value, after, cancellation);

        bool IsGone(ResourceCatalog now) => Whole(now, request) is null;
    }

    private static PoolPolicy? Whole(ResourceCatalog known, SplitRequest request) => known.Pools.FirstOrDefault(pool => pool.Name == request.Pool || pool.Range.ToString() == request.Pool);

    private async Task<Answer<SplitAnswer>> GoOnAsync(SplitPlan plan, Cidr? after, CancellationToken cancellation)
    {
        if (!plan.Whole.Disabled)
        {
            var disabled = await catalog.UpdateAsync(plan.Stored, dryRun: false, cancellation, complete: now => new(Disabled(now, plan.Stored)));
            if (disabled.IsRefused)
            {
                // Somebody changed or deleted the pool behind the look at it: the next call sees which.
                return disabled.Refusals[0].Code is RefusalCode.Conflict or RefusalCode.NotFound ? plan.Answer(plan.Missing.Length) : disabled.Refusals;
            }

            await workplace.Ports.Faults.PassAsync(FaultPoint.SplitBegun);
        }

        foreach (var part in plan.Missing.Take(PartsPerCall))
        {
            var created = await catalog.CreatePartAsync(part, plan.Whole.Name, cancellation);
            if (created.IsRefused && created.Refusals.Any(static refusal => refusal.Code != RefusalCode.AlreadyExists))
            {
                return created.Refusals;
            }

            await workplace.Ports.Faults.PassAsync(FaultPoint.SplitPartCreated);
        }

        if (plan.Missing.Length > PartsPerCall)
        {
            return plan.Answer(plan.Missing.Length - PartsPerCall);
        }

        // The parts as they are stored, whoever created them.
        var (known, _) = await workplace.CatalogAsync(cancellation);
        if (known.PoolByUid(plan.Whole.Uid) is not { } whole)
        {
            // Somebody finished it meanwhile, or deleted the pool: the next call sees which.
            return plan.Answer(missing: 0);
        }

        var now = SplitPlan.Of(known, whole, plan.Names.Length);
        return now.IsRefused ? now.Refusals : await MoveAsync(now.Value, known, after, cancellation);
    }

    private async Task<Answer<SplitAnswer>> MoveAsync(SplitPlan plan, ResourceCatalog known, Cidr? after, CancellationToken cancellation)
    {
        var rows = await workplace.Ports.Views.BlocksInAsync(plan.Whole.Range, BlocksPerCall, after, cancellation);
        var moved = 0;
        foreach (var row in rows.Where(row => row.Pool == plan.Whole.Uid))
        {
#if PLANTED_BUGS
            if (EventSourcing.Planted.Is("split-forgets-orphans") && row.Owner is null)
            {
                continue;
            }

#endif
            if (known.PoolHolding(row.Block.First) is not { } part || part.Uid == plan.Whole.Uid)
            {
                // Somebody deleted a part: the next call creates it again.
                return plan.Answer(missing: 1) with { Moved = moved };
            }

            var one = await workplace.TurnAsync(new MoveCommand(row.Block, plan.Whole.Uid, part.Uid) { Deadline = workplace.Deadline }, cancellation);
            if (one.IsRefused)
            {
                return one.Refusals;
            }

            moved += one.Value ? 1 : 0;
            await workplace.Ports.Faults.PassAsync(FaultPoint.SplitBlockMoved);
        }

        var answer = plan.Answer(missing: 0) with { Moved = moved };
        if (rows.Length == BlocksPerCall)
        {
            return answer with { Continue = rows[^1].Block.ToString() };
        }

        return await RemoveAsync(plan, answer, cancellation);
    }

    private async Task<Answer<SplitAnswer>> RemoveAsync(SplitPlan plan, SplitAnswer answer, CancellationToken cancellation)
    {
        // Nobody owns a block of the whole any more, under heads that the removal fences. So no block can become its orphan either:
        // what lost its owner behind the walk is found now or never.
        if (await resources.PrepareAsync(plan.Whole.Name, plan.Whole.Uid, cancellation) is not { } prepared || await HasBlocksAsync(plan.Whole, cancellation)
            || await workplace.SettledAsync(false, () => HasBlocksAsync(plan.Whole, cancellation), static (one, other) => one == other, cancellation))
        {
            return answer;
        }

        await workplace.Ports.Faults.PassAsync(FaultPoint.SplitEmptied);
        try
        {
            var deleted = await catalog.DeleteAsync(ResourceKind.IPPool, plan.Whole.Name, resourceVersion: null, dryRun: false, prepared, cancellation);
            return deleted.IsRefused && deleted.Refusals[0].Code != RefusalCode.NotFound ? deleted.Refusals : answer with { Done = true };
        }
        catch (PreparationMovedException)
        {
            // Somebody changed the pool, or finished it: the next call sees what is left to do.
            return answer;
        }
    }

    /// <summary>The pool as it is in the catalog that the change is decided on, disabled; another one of its name is none of ours, and is refused by its uid.</summary>
    private static Resource Disabled(ResourceCatalog now, IpPool whole)
    {
        var stored = now.Find(ResourceKind.IPPool, whole.Metadata.Name) is IpPool same && same.Metadata.Uid == whole.Metadata.Uid ? same : whole;
        return stored with { Spec = stored.Spec with { Disabled = true } };
    }

    private async Task<bool> HasBlocksAsync(PoolPolicy whole, CancellationToken cancellation)
    {
#if PLANTED_BUGS
        if (EventSourcing.Planted.Is("split-forgets-orphans"))
        {
            return false;
        }

#endif
        for (Cidr? after = null; ;)
        {
            var rows = await workplace.Ports.Views.BlocksInAsync(whole.Range, BlocksPerLook, after, cancellation);
            if (rows.Any(row => row.Pool == whole.Uid))
            {
                return true;
            }

            if (rows.Length < BlocksPerLook)
            {
                return false;
            }

            after = rows[^1].Block;
        }
    }

    /// <summary>The answer to a repeat that comes when everything is done; null when nothing looks like the parts of such a pool.</summary>
    private static SplitAnswer? Finished(ResourceCatalog known, SplitRequest request)
    {
        if (request.Parts is < 2 or > PoolSplit.MostParts)
        {
            return null;
        }

        var names = Cidr.TryParse(request.Pool, out var range) && range.Length < range.Family.Bits()
            ? PoolSplit.Divide(range, range.Family.Bits(), request.Parts) is { IsRefused: false } parts
                ? parts.Value.Select(part => known.PoolHolding(part.First) is { } pool && pool.Range == part && pool.Name.StartsWith("split-", StringComparison.Ordinal) ? pool.Name : null).ToImmutableArray()
                : []
            : [.. Enumerable.Range(0, request.Parts).Select(index => known.PoolNamed(PoolSplit.ChildName(request.Pool!, index))?.Name)];
        return !names.IsEmpty && names.All(static name => name is not null) && known.PoolNamed(PoolSplit.ChildName(request.Pool!, request.Parts)) is null
            ? new() { Done = true, Pools = [.. names.Select(static name => name!)], Created = request.Parts }
            : null;
    }
}
