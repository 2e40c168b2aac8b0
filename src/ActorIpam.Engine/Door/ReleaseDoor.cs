using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Releases;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Door;

/// <summary>Where releases come in. Each address is given the generation it is seen under now, so that a late attempt frees nothing else.</summary>
internal sealed class ReleaseDoor(Workplace workplace)
{
    /// <summary>Addresses in one unit; a request id names what one unit released, so it can name no more.</summary>
    private const int PerUnit = 1024, MostEntries = 20_000;

    private IViews Views => workplace.Ports.Views;

    /// <param name="request">What to release.</param>
    /// <param name="onlyOf">The one host whose addresses may be released; null for any. One of another host refuses the whole request.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="seen">How each address was held when the request came to the cluster, null where it was not held; default when it comes here first.</param>
    public async Task<Answer<ReleaseAnswer>> ReleaseAsync(ReleaseRequest request, string? onlyOf, CancellationToken cancellation, ImmutableArray<SeenTenure?> seen = default)
    {
        var entries = request.Addresses.OrEmpty();
        var checks = new Checks();
        var ips = Read(request, entries, checks);
        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var named = request.RequestId is { } id ? (id, Checks.Digest(request with { RequestId = null, Addresses = entries })) : ((string, string)?)null;
        var sight = await SeeAsync(entries, ips, onlyOf, seen, cancellation);

        // What a request released is held no more. While all of it is, the request's own unit asks whether it is known, and nobody needs to ask before.
        var isHeld = sight is { Targets.Count: > 0, Unallocated.Count: 0, Foreign: null };
        if (!isHeld && named is { } repeat && await Views.RequestAsync(repeat.Item1, cancellation) is { } row
            && await workplace.SettledAsync(row, () => Views.RequestAsync(repeat.Item1, cancellation).AsTask()!, static (one, other) => one?.At == other?.At, cancellation) is { } known)
        {
            return Again(known, repeat.Item2);
        }

        if (sight.Unallocated.Count > 0)
        {
            // It is said of them that nobody holds them, and no unit of this request says so.
            sight = await workplace.SettledAsync(
                sight, () => SeeAsync(entries, ips, onlyOf, seen, cancellation), static (one, other) => one.Unallocated.SequenceEqual(other.Unallocated), cancellation);
        }

        var (targets, unallocated, foreign) = sight;
        if (foreign is not null)
        {
            return foreign;
        }

        var answer = new ReleaseAnswer { Unallocated = [.. unallocated.Select(static ip => ip.ToString())] };
        foreach (var some in targets.Chunk(PerUnit).DefaultIfEmpty([]))
        {
            if (some.Length == 0 && named is null)
            {
                continue;
            }

            var end = await SendAsync(new([.. some], named, close: null, "released") { Deadline = workplace.Deadline }, cancellation);
            if (end.Known is { } twin)
            {
                return Again(twin, named!.Value.Item2);
            }

            answer = Add(answer, end.Result!);
        }

        return answer;
    }

    /// <param name="request">Whose addresses to release.</param>
    /// <param name="onlyOf">The one host whose addresses may be released; null for any. A handle that holds one of another host is refused.</param>
    /// <param name="cancellation">The caller has gone.</param>
    public async Task<Answer<ReleaseHandleAnswer>> ReleaseHandleAsync(ReleaseHandleRequest request, string? onlyOf, CancellationToken cancellation)
    {
        var checks = new Checks();
        checks.Handle(request.Handle, required: true);
        if (request is { Final: true, IssuedAt: null })
        {
            checks.Say(RefusalCode.Invalid, "issuedAt", "A final release needs issuedAt: it says which assignments it is later than.");
        }

        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var through = request.Final ? request.IssuedAt.Whole() : null;
        var released = new List<IpAddress>();
        for (var round = 0; round < workplace.Options.RoundsPerTurn; round++)
        {
            var (rows, foreign) = await HeldAsync(request, onlyOf, through, cancellation);
            if (foreign is not null)
            {
                return foreign;
            }

            if (rows.IsEmpty && round == 0 && !request.Final)
            {
                (rows, foreign) = await workplace.SettledAsync(
                    (rows, foreign), () => HeldAsync(request, onlyOf, through, cancellation), static (one, other) => one.Item1.IsEmpty == other.Item1.IsEmpty, cancellation);
                if (foreign is not null)
                {
                    return foreign;
                }
            }

            if (rows.IsEmpty && (round > 0 || !request.Final))
            {
                return released.Count == 0 && !request.Final
                    ? new Refusal(RefusalCode.NotFound, $"Handle {request.Handle} holds no address.", "handle")
                    : new ReleaseHandleAnswer { Released = [.. released.Order().Select(static ip => ip.ToString())] };
            }

            var targets = rows.Select(row => new ReleaseTarget(row.Ip, row.Block, row.Handle, Generation: null, row.Generation, through)).Take(PerUnit);
            var close = through is { } time && round == 0 ? new IpamGuard.HandleClose(request.Handle!, time) : null;
            var end = await SendAsync(new([.. targets], request: null, close, request.Final ? "final" : "released") { Deadline = workplace.Deadline }, cancellation);
            released.AddRange(end.Result!.Released.Select(static grant => grant.Ip));
            await workplace.Ports.Faults.PassAsync(FaultPoint.HandleHalfReleased);
#if PLANTED_BUGS
            if (request.Final && rows.Length <= PerUnit && Planted.Is("final-release-reads-before-closing"))
            {
                return new ReleaseHandleAnswer { Released = [.. released.Order().Select(static ip => ip.ToString())] };
            }

#endif
        }

        throw new UnavailableException($"Handle {request.Handle} gets addresses as fast as they are released.");
    }

    /// <summary>Releases some addresses of a handle, by the generations they were seen under, and closes the handle through that time.</summary>
    public async Task<ImmutableArray<IpAddress>> CollectAsync(string handle, ImmutableArray<AddressRow> rows, DateTimeOffset through, CancellationToken cancellation)
    {
        var released = ImmutableArray.CreateBuilder<IpAddress>();
        foreach (var some in rows.Chunk(PerUnit))
        {
            var targets = some.Select(row => new ReleaseTarget(row.Ip, row.Block, row.Handle, Generation: null, row.Generation, through));
            var end = await SendAsync(new([.. targets], request: null, new(handle, through), "gc") { Deadline = workplace.Deadline }, cancellation);
            released.AddRange(end.Result!.Released.Select(static grant => grant.Ip));
            await workplace.Ports.Faults.PassAsync(FaultPoint.HandleHalfReleased);
        }

        return released.ToImmutable();
    }

    private static IpAddress[] Read(ReleaseRequest request, ImmutableArray<ReleaseEntry> entries, Checks checks)
    {
        checks.RequestId(request.RequestId);
        var most = request.RequestId is null ? MostEntries : PerUnit;
        if (entries.Length > most)
        {
            checks.Say(RefusalCode.TooMany, "addresses", $"At most {most} addresses{(request.RequestId is null ? "" : " under a request id")}, not {entries.Length}.");
            return [];
        }

        var ips = new IpAddress[entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i] is null || !IpAddress.TryParse(entries[i].Ip, out ips[i]))
            {
                checks.Say(RefusalCode.BadIp, $"addresses[{i}].ip", $"'{entries[i]?.Ip}' is not an IP address.");
            }
        }

        return ips;
    }

    /// <summary>What is held now, by generation; what is not, is unallocated – unless the caller named a generation, which must then be judged.</summary>
    private async Task<(List<ReleaseTarget> Targets, List<IpAddress> Unallocated, Refusal? Foreign)> SeeAsync(
        ImmutableArray<ReleaseEntry> entries, IpAddress[] ips, string? onlyOf, ImmutableArray<SeenTenure?> seen, CancellationToken cancellation)
    {
        // What was not held when the request came to the cluster is not what it is about, whoever holds it by now.
        bool IsMeant(int i) => seen.IsDefault || seen[i] is not null || entries[i].Generation is not null;
        Cidr? BlockOf(int i) => !seen.IsDefault && seen[i]?.Block is { } told && told.Contains(ips[i]) ? told : null;
        var unsure = ips.Where((_, i) => BlockOf(i) is null && IsMeant(i)).ToImmutableHashSet();
        var held = unsure.IsEmpty ? [] : (await Views.AddressesAsync([.. unsure], cancellation)).ToDictionary(static row => row.Ip);
        var (targets, unallocated) = (new List<ReleaseTarget>(), new List<IpAddress>());
        for (var i = 0; i < ips.Length; i++)
        {
            if (BlockOf(i) is { } block)
            {
                targets.Add(new(ips[i], block, entries[i].Handle, entries[i].Generation, seen[i]!.Value.Generation));
            }
            else if (IsMeant(i) && held.GetValueOrDefault(ips[i]) is { } row)
            {
                if (IsForeign(row, onlyOf))
                {
                    return (targets, unallocated, new(RefusalCode.OtherHost, $"{row.Ip} is held by another host than {onlyOf}.", $"addresses[{i}].ip"));
                }

                targets.Add(new(ips[i], row.Block, entries[i].Handle, entries[i].Generation, seen.IsDefault ? row.Generation : seen[i]?.Generation));
            }
            else if (onlyOf is null && entries[i].Generation is not null && await Views.BlockContainingAsync(ips[i], cancellation) is { } around)
            {
                targets.Add(new(ips[i], around.Block, entries[i].Handle, entries[i].Generation, Seen: null));
            }
            else if (!unallocated.Contains(ips[i]))
            {
                unallocated.Add(ips[i]);
            }
        }

        return (targets, unallocated, null);
    }

    /// <summary>Goes to the actor of the host that held the first address: its turn releases for many requests at once.</summary>
    private Task<ReleaseEnd> SendAsync(ReleaseCommand command, CancellationToken cancellation)
    {
        var owner = command.Targets.IsEmpty ? null
            : (workplace.Supplies.Entries.Find(Streams.Block(command.Targets[0].Block)) as Runtime.Actors.Entry<Block, BlockEvent>)?.State.Owner;
        return owner is { } actor ? workplace.AskAsync(actor, command, cancellation) : workplace.TurnAsync(command, cancellation);
    }

    private async Task<(ImmutableArray<AddressRow> Rows, Refusal? Foreign)> HeldAsync(
        ReleaseHandleRequest request, string? onlyOf, DateTimeOffset? through, CancellationToken cancellation)
    {
        var rows = await Views.AddressesOfHandleAsync(request.Handle!, cancellation);
        if (rows.Any(row => IsForeign(row, onlyOf)))
        {
            return ([], new(RefusalCode.OtherHost, $"Handle {request.Handle} holds addresses of another host than {onlyOf}.", "handle"));
        }

#if PLANTED_BUGS
        if (Planted.Is("final-release-ignores-issued"))
        {
            through = null;
        }

#endif
        return ([.. rows.Where(row => (request.Host is null || row.Holder.Name == request.Host) && (through is null || row.Issued is null || row.Issued <= through))], null);
    }

    /// <summary>Whether an address is none of those that the caller may release.</summary>
    public static bool IsForeign(AddressRow row, string? onlyOf) => onlyOf is not null && row.Holder != Owner.Host(onlyOf);

    /// <summary>A known request is finished: it was stored with the unit that released its list, and the list is the answer again.</summary>
    private static Answer<ReleaseAnswer> Again(RequestRow known, string digest) => known.Digest == digest
        ? new ReleaseAnswer { Released = [.. known.Grant.Select(static grant => grant.Ip.ToString())] }
        : new Refusal(RefusalCode.RequestMismatch, $"Request {known.Id} was made before with another body.", "requestId");

    private static ReleaseAnswer Add(ReleaseAnswer answer, ReleaseResult result) => answer with
    {
        Released = answer.Released.AddRange(result.Released.Select(static grant => grant.Ip.ToString())),
        Unallocated = answer.Unallocated.AddRange(result.Unallocated.Select(static ip => ip.ToString())),
        Errors = answer.Errors.AddRange(result.Errors.Select(static error => new ReleaseError(error.Ip.ToString(), error.Why.Code, error.Why.Message))),
    };
}
