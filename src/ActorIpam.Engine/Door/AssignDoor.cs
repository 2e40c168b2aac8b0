using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Allocation;
using ActorIpam.Engine.Explaining;
using ActorIpam.Engine.Recovering;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Door;

/// <summary>Where requests for addresses come in.</summary>
internal sealed class AssignDoor(Workplace workplace)
{
    public async Task<Answer<AssignAnswer>> AssignAsync(AssignRequest request, AssignMode mode, CancellationToken cancellation)
    {
        var checks = new Checks();
        var spec = Read(request, checks) with { Explain = mode.Explain, DryRun = mode.DryRun };
        if (request is { Ipv4: 0, Ipv6: 0 })
        {
            checks.Say(RefusalCode.OutOfRange, "ipv4", "At least one address of either family must be asked for.");
        }

        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        if (mode.DryRun && await ForeseenAsync(spec.Holding, cancellation) is { } foreseen)
        {
            return Remembered(spec, foreseen);
        }

        var held = await CappedHandles.HeldAsync(workplace, spec, cancellation);
        if (held.IsRefused)
        {
            held = await workplace.SettledAsync(held, () => CappedHandles.HeldAsync(workplace, spec, cancellation), static (one, other) => one.IsRefused == other.IsRefused, cancellation);
        }

        if (held.IsRefused)
        {
            return Remembered(spec, await NoAsync(spec.Holding, held.Refusals[0], cancellation));
        }

        if (!held.Value.IsEmpty && await KnownAsync(spec.Holding, cancellation) is { } known)
        {
            return known;
        }

        return Remembered(spec, await AssignAsync(Without(spec, held.Value), held.Value, cancellation));
    }

    public async Task<Answer<AssignedAddress>> AssignIpAsync(AssignIpRequest request, AssignMode mode, CancellationToken cancellation)
    {
        var checks = new Checks();
        checks.Host(request.Host);
        checks.Handle(request.Handle);
        checks.RequestId(request.RequestId);
        checks.Attributes(request.Attributes);
        checks.Count("maxPerHandle", request.MaxPerHandle, int.MaxValue);
        var use = checks.Use(request.Use, required: false);
        if (!IpAddress.TryParse(request.Ip, out var ip))
        {
            checks.Say(RefusalCode.BadIp, "ip", $"'{request.Ip}' is not an IP address.");
        }

        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var digest = Checks.Digest(request with { RequestId = null, IssuedAt = null, Attributes = null });
        var holding = Hold(OwnerOf(request.Host!, use), request.Handle, request.Attributes, request.IssuedAt, request.RequestId, digest);
        if (mode.DryRun && await ForeseenAsync(holding, cancellation) is { } foreseen)
        {
            return foreseen.IsRefused ? foreseen.Refusals : foreseen.Value.Ipv4.Concat(foreseen.Value.Ipv6).Single() with { Cidr = $"{ip}/{ip.Family.Bits()}" };
        }

        var command = new GivenAddressCommand(holding, ip, use, request.MaxPerHandle, mode.DryRun) { Deadline = workplace.Deadline };
        var end = await workplace.AskAsync(holding.Owner, command, cancellation);
        var answer = end.Result is { Error: null } granted
            ? await ShowAsync(granted, mode.Explain || mode.DryRun, cancellation)
            : end.Guard is not null
                ? await GuardedAsync(holding, end.Guard, cancellation)
                : await NoAsync(holding, end.Result!.Error!, cancellation);
        workplace.Decisions.Add(Decisions.Of(holding, mode.DryRun, answer, workplace.Ports.Time.GetUtcNow()));
        return answer.IsRefused
            ? answer.Refusals
            : answer.Value.Ipv4.Concat(answer.Value.Ipv6).Single() with { Cidr = $"{ip}/{ip.Family.Bits()}" };
    }

    /// <summary>Reads a request for any number of addresses; ensure-block reads its own with the same words.</summary>
    public AssignSpec Read(AssignRequest request, Checks checks)
    {
        checks.Host(request.Host);
        checks.Handle(request.Handle);
        checks.RequestId(request.RequestId);
        checks.Attributes(request.Attributes);
        checks.Count("ipv4", request.Ipv4, Checks.MostAddresses);
        checks.Count("ipv6", request.Ipv6, Checks.MostAddresses);
        checks.Count("maxBlocks", request.MaxBlocks, int.MaxValue);
        checks.Count("maxPerHandle", request.MaxPerHandle, int.MaxValue);
        checks.Pools("ipv4Pools", request.Ipv4Pools);
        checks.Pools("ipv6Pools", request.Ipv6Pools);
        if (request.MaxPerHandle > 0 && string.IsNullOrEmpty(request.Handle))
        {
            checks.Say(RefusalCode.Invalid, "maxPerHandle", "maxPerHandle needs a handle.");
        }

        var use = checks.Use(request.Use, required: true);
        var digest = Checks.Digest(request with { RequestId = null, IssuedAt = null, Attributes = null, Ipv4Pools = request.Ipv4Pools.OrEmpty(), Ipv6Pools = request.Ipv6Pools.OrEmpty() });
        return new()
        {
            Holding = Hold(OwnerOf(request.Host ?? "", use), request.Handle, request.Attributes, request.IssuedAt, request.RequestId, digest),
            Use = use ?? PoolUse.Workload,
            Ipv4 = new(request.Ipv4, request.Ipv4Pools.OrEmpty(), checks.Reservation("hostReservedIpv4", request.HostReservedIpv4)),
            Ipv6 = new(request.Ipv6, request.Ipv6Pools.OrEmpty(), checks.Reservation("hostReservedIpv6", request.HostReservedIpv6)),
            NamespaceLabels = request.NamespaceLabels ?? Metadata.EmptyMap,
            MaxBlocks = request.MaxBlocks,
            MaxPerHandle = request.MaxPerHandle,
            IsWindows = string.Equals(request.Os, "windows", StringComparison.OrdinalIgnoreCase),
            AllOrNothing = request.AllOrNothing,
        };
    }

    /// <summary>Who will hold what is assigned: a host, or for load balancers a virtual holder of that name.</summary>
    public static Owner OwnerOf(string host, PoolUse? use) => use == PoolUse.LoadBalancer ? Owner.Virtual(host) : Owner.Host(host);

    private static AssignSpec Without(AssignSpec spec, ImmutableArray<AddressRow> held) => spec with
    {
        Ipv4 = held.Any(static row => row.Ip.Family == IpFamily.V4) ? spec.Ipv4 with { Count = 0 } : spec.Ipv4,
        Ipv6 = held.Any(static row => row.Ip.Family == IpFamily.V6) ? spec.Ipv6 with { Count = 0 } : spec.Ipv6,
    };

    private Holding Hold(
        Owner owner, string? handle, ImmutableSortedDictionary<string, string>? attributes, DateTimeOffset? issued, string? requestId, string digest) =>
        new(owner, handle, attributes ?? Metadata.EmptyMap, Checks.AttributesDigest(attributes), issued.Whole(), requestId ?? workplace.NewId(), digest);

    /// <param name="spec">What is still wanted.</param>
    /// <param name="held">What the handle holds already and is answered beside it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    private async Task<Answer<AssignAnswer>> AssignAsync(AssignSpec spec, ImmutableArray<AddressRow> held, CancellationToken cancellation)
    {
        if (spec.Ipv4.Count + spec.Ipv6.Count == 0 && held.IsEmpty)
        {
            return await RepeatAsync(held, cancellation);
        }

        var command = new AssignCommand(spec, held) { Deadline = workplace.Deadline };
        var end = await workplace.AskAsync(spec.Holding.Owner, command, cancellation);
        switch (end)
        {
            case { Guard: null, Result: null }:
                throw new UnavailableException($"Handle {spec.Holding.Handle} gave back what it held while it was judged.");
            case { Guard: IpamGuardRefusal.HandleIsFull }:
                // Somebody else filled the handle meanwhile: judge the cap again by what it holds now.
                var now = await CappedHandles.HeldAsync(workplace, spec, cancellation);
                return now.IsRefused ? await NoAsync(spec.Holding, now.Refusals[0], cancellation)
                    : now.Value.IsEmpty ? new Refusal(RefusalCode.HandleLimit, $"Handle {spec.Holding.Handle} changed while it was judged.", "maxPerHandle")
                    : await AssignAsync(Without(spec, now.Value), held.AddRange(now.Value), cancellation);
            case { Guard: { } guard }:
                return await GuardedAsync(spec.Holding, guard, cancellation);
            case { Result: { Error: { } error, Rows.IsEmpty: true } result } when !AssignCommand.IsPartial(error) || (held.IsEmpty ? result.Messages.IsEmpty : spec.AllOrNothing):
                return await NoAsync(spec.Holding, error, cancellation);
            case { Result: { Rows.IsEmpty: true } result } when held.IsEmpty:
                var known = await KnownAsync(spec.Holding, cancellation);
                return known ?? await ShowAsync(result, spec.Explain || spec.DryRun, cancellation, held);
            default:
                return await ShowAsync(end.Result!, spec.Explain || spec.DryRun, cancellation, held);
        }
    }

    private Task<Answer<AssignAnswer>> GuardedAsync(Holding holding, IpamGuardRefusal guard, CancellationToken cancellation) => guard switch
    {
        IpamGuardRefusal.RequestKnown known => AnswerKnownAsync(holding, known.Row, cancellation),
        IpamGuardRefusal.HandleIsClosed closed => Task.FromResult<Answer<AssignAnswer>>(
            new Refusal(RefusalCode.HandleClosed, $"Handle {holding.Handle} was finally released through {closed.Through:O}.", "handle")),
        IpamGuardRefusal.HandleIsFull full => Task.FromResult<Answer<AssignAnswer>>(
            new Refusal(RefusalCode.HandleLimit, $"Handle {holding.Handle} holds {full.Held} {full.Family.Text()} addresses already, its cap.", "maxPerHandle")),
        _ => throw new InvalidOperationException($"{guard.GetType().Name} has no answer."),
    };

    /// <summary>Before a "no" goes out: a twin of the request may have been granted meanwhile (INV-13).</summary>
    /// <remarks>During a recovery also a grant of old is not repeated: it may have been released since the backup, and its address given to somebody else.</remarks>
    private async Task<Answer<AssignAnswer>> NoAsync(Holding holding, Refusal refusal, CancellationToken cancellation) =>
        refusal.Code == RefusalCode.Recovering ? refusal : await KnownAsync(holding, cancellation) ?? refusal;

    /// <summary>What a dry run is answered with before anything is planned: what the guards of the real request would say.</summary>
    private async Task<Answer<AssignAnswer>?> ForeseenAsync(Holding holding, CancellationToken cancellation)
    {
        if (holding.Handle is { } handle && await workplace.Ports.Views.HandleClosedThroughAsync(handle, cancellation) is { } closed
            && (holding.Issued is null || holding.Issued <= closed))
        {
            return await GuardedAsync(holding, new IpamGuardRefusal.HandleIsClosed(closed), cancellation);
        }

        return await KnownAsync(holding, cancellation);
    }

    private Answer<AssignAnswer> Remembered(AssignSpec spec, Answer<AssignAnswer> answer)
    {
        workplace.Decisions.Add(Decisions.Of(spec.Holding, spec.DryRun, answer, workplace.Ports.Time.GetUtcNow()));
        return answer;
    }

    /// <summary>A request that is seen to be known, once that is certain; null when it is not.</summary>
    private async Task<Answer<AssignAnswer>?> KnownAsync(Holding holding, CancellationToken cancellation)
    {
        if (await workplace.Ports.Views.RequestAsync(holding.RequestId, cancellation) is not { } row)
        {
            return null;
        }

        var known = await workplace.SettledAsync(
            row, () => workplace.Ports.Views.RequestAsync(holding.RequestId, cancellation).AsTask()!, static (one, other) => IsSame(one, other), cancellation);
        return known is null ? (Answer<AssignAnswer>?)null : await AnswerKnownAsync(holding, known, cancellation);
    }

    private static bool IsSame(RequestRow? one, RequestRow? other) => one?.At == other?.At && (one is null || other is null || one.Grant.SequenceEqual(other.Grant));

    /// <summary>The same request again gets the same grant, as long as all of it is still held (protocol.md §4, Requests).</summary>
    /// <param name="holding">Who asks.</param>
    /// <param name="known">What is certainly recorded.</param>
    /// <param name="cancellation">Ends the wait.</param>
    private async Task<Answer<AssignAnswer>> AnswerKnownAsync(Holding holding, RequestRow known, CancellationToken cancellation)
    {
        if (await RepeatedGrants.RefusalAsync(workplace, cancellation) is { } recovering)
        {
            return recovering;
        }

        if (known.Digest != holding.RequestDigest)
        {
            return new Refusal(RefusalCode.RequestMismatch, $"Request {known.Id} was made before with another body.", "requestId");
        }

        var rows = await ReadAsync();
#if PLANTED_BUGS
        if (EventSourcing.Planted.Is("repeat-without-generation"))
        {
            return await RepeatAsync([.. rows], cancellation);
        }

#endif
        if (!IsHeld(rows))
        {
            rows = await workplace.SettledAsync(rows, ReadAsync, (one, other) => IsHeld(one) == IsHeld(other), cancellation);
        }

        if (!IsSame(known, await workplace.Ports.Views.RequestAsync(known.Id, cancellation)))
        {
            // The store went back between the looks: who holds these addresses now, under the same generations, may be somebody else.
            throw new UnavailableException($"What request {known.Id} was granted went with a part of the journal that is gone. Ask again.");
        }

        var held = rows.ToDictionary(static row => new Grant(row.Ip, row.Generation));
        return IsHeld(rows)
            ? await RepeatAsync([.. known.Grant.Select(grant => held[grant])], cancellation)
            : new Refusal(RefusalCode.RequestFinished, $"What request {known.Id} was granted has been released since.", "requestId");

        Task<ImmutableArray<AddressRow>> ReadAsync() => workplace.Ports.Views.AddressesAsync([.. known.Grant.Select(static grant => grant.Ip)], cancellation).AsTask();

        bool IsHeld(ImmutableArray<AddressRow> some) => known.Grant.All(grant => some.Any(row => row.Ip == grant.Ip && row.Generation == grant.Generation && row.Handle == holding.Handle));
    }

    private async Task<Answer<AssignAnswer>> RepeatAsync(ImmutableArray<AddressRow> rows, CancellationToken cancellation) =>
        await ShowAsync(new([], [], null), explain: false, cancellation, rows);

    private async Task<Answer<AssignAnswer>> ShowAsync(AssignResult result, bool explain, CancellationToken cancellation, ImmutableArray<AddressRow> held = default)
    {
        var policy = await workplace.Supplies.Sights.PolicyAsync(cancellation);
        var earlier = held.IsDefaultOrEmpty ? [] : await workplace.Ports.Views.ShowAllAsync(policy.Catalog, held, cancellation);
        var shown = earlier.AddRange(result.Rows.Select(row => policy.Catalog.Show(row.Row, row.Borrowed, row.Row.Block.Length) with
        {
            Reason = explain && row.Grounds is not null ? FamilyStory.Reason(policy.Catalog, row) : null,
        }));
        return new AssignAnswer
        {
            Ipv4 = [.. shown.Where(static address => !address.Address.Contains(':', StringComparison.Ordinal))],
            Ipv6 = [.. shown.Where(static address => address.Address.Contains(':', StringComparison.Ordinal))],
            Messages = [.. result.Messages.Distinct()],
            Refusal = result.Error,
            Explanation = result.Explanation,
        };
    }
}

internal static class OptionalArrays
{
    /// <summary>An array that was not given is an empty one.</summary>
    public static ImmutableArray<T> OrEmpty<T>(this ImmutableArray<T> array) => array.IsDefault ? [] : array;
}
