using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.Releases;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Forwarding;

/// <summary>The door of a member that has others: gives a request what makes a late copy harmless, asks the owner, and serves it here when the owner does not answer.</summary>
/// <remarks>docs/decisions/0010 says which calls are forwarded and why, and what can come between. INV-3 and INV-13 rest on it.</remarks>
internal sealed class ForwardingDoor(Workplace workplace, Forwarder forwarder)
{
    /// <summary>A release of more is served here: it is done in several units.</summary>
    private const int MostForwarded = 1024;

    public bool HasOthers => forwarder.HasOthers;

    public bool Suspects(MemberRow member) => forwarder.Suspicions.Has(member);

    /// <returns>Null for a member without a way to others.</returns>
    public static ForwardingDoor? Of(Workplace workplace) =>
        workplace.Ports.Cluster is { Peers: { } peers } cluster
            ? new(workplace, new(workplace.Ports, cluster.Presence, peers, workplace.Supplies.Counts, workplace.Options.Forwarding))
            : null;

    public Task<Answer<AssignAnswer>> AssignAsync(AssignRequest request, CancellationToken cancellation) => NamedAsync(
        ForwardedCalls.Assign,
        HolderOf(request.Host, request.Use),
        request with { RequestId = request.RequestId ?? workplace.NewId() },
        static named => named.RequestId!,
        static (doors, named, end) => doors.Assigning.AssignAsync(named, default, end),
        static answer => !answer.Ipv4.IsDefaultOrEmpty || !answer.Ipv6.IsDefaultOrEmpty,
        cancellation);

    public Task<Answer<AssignedAddress>> AssignIpAsync(AssignIpRequest request, CancellationToken cancellation) => NamedAsync(
        ForwardedCalls.AssignIp,
        HolderOf(request.Host, request.Use),
        request with { RequestId = request.RequestId ?? workplace.NewId() },
        static named => named.RequestId!,
        static (doors, named, end) => doors.Assigning.AssignIpAsync(named, default, end),
        static _ => true,
        cancellation);

    /// <summary>Names for each address the generation it is held under now, so that a late copy frees nothing newer.</summary>
    /// <param name="request">What to release.</param>
    /// <param name="onlyOf">The one host whose addresses may be released; null for any. It is judged here, on the generations that are sent along: the owner releases what was judged and nothing else.</param>
    /// <param name="cancellation">The caller has gone.</param>
    public async Task<Answer<ReleaseAnswer>> ReleaseAsync(ReleaseRequest request, string? onlyOf, CancellationToken cancellation)
    {
        var deadline = workplace.Deadline;
        var entries = request.Addresses.OrEmpty();
        var ips = entries.Select(static entry => IpAddress.TryParse(entry?.Ip, out var ip) ? ip : (IpAddress?)null).ToImmutableArray();
        if (entries.Length > MostForwarded || ips.Any(static ip => ip is null))
        {
            return await Here(deadline).Releasing.ReleaseAsync(request, onlyOf, cancellation);
        }

        ImmutableArray<IpAddress> asking = [.. ips.Select(static ip => ip!.Value).Distinct()];
        Task<ImmutableArray<AddressRow>> HeldAsync() => workplace.Ports.Views.AddressesAsync(asking, cancellation).AsTask();
        var held = await HeldAsync();
        if (!held.IsEmpty && held.Length < asking.Length)
        {
            // What is sent along as not held is told as that, whatever the owner finds.
            held = await workplace.SettledAsync(held, HeldAsync, static (one, other) => one.Select(static row => row.Ip).SequenceEqual(other.Select(static row => row.Ip)), cancellation);
        }

        var rows = held.ToDictionary(static row => row.Ip);
#if PLANTED_BUGS
        if (EventSourcing.Planted.Is("forwarded-release-without-generations"))
        {
            var late = rows.Count == 0 ? Asked<ReleaseAnswer>.Nobody : await forwarder.AskAsync(ForwardedCalls.Release, rows.Values.First().Holder.ToString(), new() { Release = request }, deadline, cancellation);
            return late.How == HowAsked.Answered ? late.Answer : await Here(deadline).Releasing.ReleaseAsync(request, null, cancellation);
        }

#endif
        if (onlyOf is not null && !entries.Zip(ips).All(of => rows.GetValueOrDefault(of.Second!.Value) is { } row && !ReleaseDoor.IsForeign(row, onlyOf) && (of.First.Generation ?? row.Generation) == row.Generation))
        {
            return await Here(deadline).Releasing.ReleaseAsync(request, onlyOf, cancellation);
        }

        var seen = ips.Select(ip => rows.GetValueOrDefault(ip!.Value)).ToImmutableArray();
        if (seen.FirstOrDefault(static row => row is not null) is not { } first)
        {
            return await Here(deadline).Releasing.ReleaseAsync(request, onlyOf, cancellation);
        }

        var sent = new SeenRelease { Release = request, Seen = [.. seen.Select(static row => row?.Generation)], Blocks = [.. seen.Select(static row => row?.Block.ToString())] };
        var asked = await forwarder.AskAsync(ForwardedCalls.Release, first.Holder.ToString(), sent, deadline, cancellation);
        return asked.How == HowAsked.Answered ? asked.Answer : await Here(deadline).Releasing.ReleaseAsync(request, onlyOf: null, cancellation, SeenTenure.Of(seen));
    }

    /// <summary>A final release is ordered by its time of issue. Any other has nothing that would tell a late copy from a new request: it is served here.</summary>
    /// <param name="request">Whose addresses to release.</param>
    /// <param name="onlyOf">The one host whose addresses may be released; null for any. The owner is asked for those of this host and no other.</param>
    /// <param name="cancellation">The caller has gone.</param>
    public async Task<Answer<ReleaseHandleAnswer>> ReleaseHandleAsync(ReleaseHandleRequest request, string? onlyOf, CancellationToken cancellation)
    {
        var deadline = workplace.Deadline;
        var isOrdered = request is { Final: true, IssuedAt: not null, Handle.Length: > 0 };
#if PLANTED_BUGS
        isOrdered |= EventSourcing.Planted.Is("every-release-of-a-handle-is-forwarded");
#endif
        // Who names the host tells with it who owns the request; nobody needs to look whose the addresses are.
        var isPlaced = onlyOf is null && !string.IsNullOrEmpty(request.Host);
        var rows = isOrdered && !isPlaced ? await workplace.Ports.Views.AddressesOfHandleAsync(request.Handle!, cancellation) : [];
        if (!isOrdered || (onlyOf is not null && (rows.Any(row => ReleaseDoor.IsForeign(row, onlyOf)) || (request.Host ?? onlyOf) != onlyOf)))
        {
            return await Here(deadline).Releasing.ReleaseHandleAsync(request, onlyOf, cancellation);
        }

        var key = rows.FirstOrDefault()?.Holder.ToString() ?? HolderOf(request.Host, null);
        return await OrderedAsync(
            ForwardedCalls.ReleaseHandle, key, request with { Host = onlyOf ?? request.Host }, deadline, (doors, same, end) => doors.Releasing.ReleaseHandleAsync(same, onlyOf, end), cancellation);
    }

    public Task<Answer<GarbageAnswer>> CollectGarbageAsync(GarbageRequest request, CancellationToken cancellation) => OrderedAsync(
        ForwardedCalls.CollectGarbage,
        request.IssuedAt is null ? null : HolderOf(request.Host, null),
        request,
        workplace.Deadline,
        static (doors, same, end) => doors.Garbage.CollectAsync(same, end),
        cancellation);

    /// <summary>What the others remember of their own decisions: whoever served a request remembers it, wherever it came in.</summary>
    /// <returns>Each member's decisions; null for one that did not answer.</returns>
    public async Task<ImmutableArray<(string Member, ImmutableArray<RememberedDecision>? Decisions)>> RememberedAsync(ExplainQuery query, CancellationToken cancellation) =>
        [.. (await forwarder.AskAllAsync(ForwardedCalls.Remembered, query, cancellation)).Select(static asked => (asked.Member, asked.Answer?.Decisions))];

    /// <summary>Requests with an id, of which a copy may be under way when they are served here.</summary>
    private async Task<Answer<TAnswer>> NamedAsync<TRequest, TAnswer>(
        ForwardedCall<TRequest, TAnswer> call, string? key, TRequest request, Func<TRequest, string> idOf,
        Func<AddressDoors, TRequest, CancellationToken, Task<Answer<TAnswer>>> serve, Func<TAnswer, bool> isGrant, CancellationToken cancellation)
    {
        var deadline = workplace.Deadline;
#if PLANTED_BUGS
        if (EventSourcing.Planted.Is("forwarded-under-another-request-id") && request is AssignRequest assign)
        {
            var other = key is null ? Asked<TAnswer>.Nobody : await forwarder.AskAsync(call, key, (TRequest)(object)(assign with { RequestId = workplace.NewId() }), deadline, cancellation);
            return other.How == HowAsked.Answered ? other.Answer : await serve(Here(deadline), request, cancellation);
        }

#endif
        var asked = key is null ? Asked<TAnswer>.Nobody : await forwarder.AskAsync(call, key, request, deadline, cancellation);
        return asked.How switch
        {
#if PLANTED_BUGS
            HowAsked.Silently when EventSourcing.Planted.Is("a-no-after-silence-is-definite") => await serve(Here(deadline), request, cancellation),
#endif
            HowAsked.Answered => asked.Answer,
            HowAsked.Silently => await AfterSilenceAsync(() => serve(Here(deadline), request, cancellation), idOf(request), isGrant, cancellation),
            _ => await serve(Here(deadline), request, cancellation),
        };
    }

    /// <summary>Requests of which a late copy frees only what it was meant to.</summary>
    private async Task<Answer<TAnswer>> OrderedAsync<TRequest, TAnswer>(
        ForwardedCall<TRequest, TAnswer> call, string? key, TRequest request, DateTimeOffset deadline,
        Func<AddressDoors, TRequest, CancellationToken, Task<Answer<TAnswer>>> serve, CancellationToken cancellation)
    {
        var asked = key is null ? Asked<TAnswer>.Nobody : await forwarder.AskAsync(call, key, request, deadline, cancellation);
        return asked.How == HowAsked.Answered ? asked.Answer : await serve(Here(deadline), request, cancellation);
    }

    /// <summary>
    /// A copy of the request may still be decided elsewhere. Only what is recorded under its id stops it, and is the answer then; everything else – a refusal,
    /// "too busy", "storage full" – would promise that nothing is done, so the caller is told that nobody knows.
    /// </summary>
    private async Task<Answer<TAnswer>> AfterSilenceAsync<TAnswer>(
        Func<Task<Answer<TAnswer>>> serve, string requestId, Func<TAnswer, bool> isGrant, CancellationToken cancellation)
    {
        try
        {
            await serve();
            if (await workplace.Ports.Views.RequestAsync(requestId, cancellation) is not null)
            {
                // Served once more, because between the first answer and the look the copy may have been the one that was recorded.
                var again = await serve();
                if (again.IsRefused ? again.Refusals[0].Code is RefusalCode.RequestFinished or RefusalCode.RequestMismatch or RefusalCode.HandleClosed : isGrant(again.Value))
                {
                    return again;
                }
            }
        }
        catch (Exception no) when (no is TooBusyException or UnavailableException { StorageIsFull: true })
        {
            throw Unknown(no);
        }

        throw Unknown(null);

        static UnavailableException Unknown(Exception? cause) =>
            new("A member that was asked first did not answer, and may still do what was asked: ask again with the same request id.", cause: cause);
    }

    private AddressDoors Here(DateTimeOffset deadline) => new(workplace.Until(deadline));

    private static string? HolderOf(string? host, string? use) =>
        string.IsNullOrEmpty(host) ? null : AssignDoor.OwnerOf(host, PoolUses.TryParse(use ?? "", out var parsed) ? parsed : null).ToString();
}
