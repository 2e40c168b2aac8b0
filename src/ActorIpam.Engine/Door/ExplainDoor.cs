using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Explaining;
using ActorIpam.Engine.Forwarding;

namespace ActorIpam.Engine.Door;

/// <summary>Where it is asked why: about an address, a handle or a request. Grants are told from the journal, refusals from this member's memory.</summary>
public sealed class ExplainDoor
{
    /// <summary>How many grants and decisions one answer tells.</summary>
    private const int Most = 50;

    private readonly Workplace _workplace;
    private readonly QueryDoor _queries;
    private readonly GrantReasons _reasons;

    private readonly ForwardingDoor? _others;

    internal ExplainDoor(Workplace workplace, QueryDoor queries, ForwardingDoor? others) =>
        (_workplace, _queries, _reasons, _others) = (workplace, queries, new(workplace), others);

    private IViews Views => _workplace.Ports.Views;

    /// <summary>What can be told about exactly one of a request, a handle and an address.</summary>
    public Task<Answer<ExplainAnswer>> ExplainAsync(ExplainQuery query, CancellationToken cancellation) => IpamDoor.ServedAsync(AnswerAsync(query, cancellation));

    /// <summary>What a member remembers of its own decisions about the one thing that is asked about, newest first.</summary>
    internal static ImmutableArray<RememberedDecision> Remembered(Workplace workplace, ExplainQuery query)
    {
        var shown = query.Ip is { } text && IpAddress.TryParse(text, out var ip) ? ip.ToString() : query.Ip;
        return workplace.Decisions.Find(
            decision => query.Request is { } id ? decision.Request == id : query.Handle is { } handle ? decision.Handle == handle : shown is not null && decision.Addresses.Contains(shown), Most);
    }

    /// <summary>An address as it is now, and why it was given.</summary>
    internal async Task<Answer<AddressState>> AddressAsync(string ip, CancellationToken cancellation)
    {
        var state = await _queries.AddressAsync(ip, cancellation);
        return !state.IsRefused && state.Value.Assignment is { } held && await Views.AddressAsync(IpAddress.Parse(held.Address), cancellation) is { } row && row.Generation == held.Generation
            ? state.Value with { Reason = await _reasons.OfAsync(row, replay: false, cancellation) }
            : state;
    }

    /// <summary>An address as it was at an instant, and why it had been given.</summary>
    internal async Task<Answer<AddressState>> AddressAsync(Task<Answer<AddressState>> asked, CancellationToken cancellation)
    {
        var state = await asked;
        return !state.IsRefused && state.Value.Assignment is { } held
            && (await RowsAsync(IpAddress.Parse(held.Address), cancellation)).FirstOrDefault(past => past.Held.Generation == held.Generation) is { } past
            ? state.Value with { Reason = await _reasons.OfAsync(past.Held, replay: true, cancellation) }
            : state;
    }

    /// <summary>Every holder of an address; the last ones with the reason they were given it.</summary>
    internal async Task<Answer<ImmutableArray<HeldInterval>>> HistoryAsync(string text, CancellationToken cancellation)
    {
        var history = await _queries.HistoryAsync(text, cancellation);
        if (history.IsRefused)
        {
            return history;
        }

        var reasons = (await RowsAsync(IpAddress.Parse(text), cancellation)).ToLookup(static past => past.Held.Generation, static past => past.Held);
        var told = ImmutableArray.CreateBuilder<HeldInterval>(history.Value.Length);
        for (var at = 0; at < history.Value.Length; at++)
        {
            var interval = history.Value[at];
            var row = at >= history.Value.Length - Most ? reasons[interval.Generation].FirstOrDefault() : null;
            told.Add(row is null ? interval : interval with { Reason = await _reasons.OfAsync(row, replay: false, cancellation) });
        }

        return told.ToImmutable();
    }

    private Task<Answer<ExplainAnswer>> AnswerAsync(ExplainQuery query, CancellationToken cancellation) => query switch
    {
        { Request: { } id, Handle: null, Ip: null } => RequestAsync(id, query, cancellation),
        { Request: null, Handle: { } handle, Ip: null } => HandleAsync(handle, query, cancellation),
        { Request: null, Handle: null, Ip: { } ip } => IpAsync(ip, query, cancellation),
        _ => Task.FromResult<Answer<ExplainAnswer>>(new Refusal(RefusalCode.Invalid, "Name exactly one of request, handle and ip.", "request")),
    };

    private async Task<Answer<ExplainAnswer>> RequestAsync(string id, ExplainQuery query, CancellationToken cancellation)
    {
        var (decisions, silent) = await DecisionsAsync(query, cancellation);
        if (await Views.RequestAsync(id, cancellation) is not { } request)
        {
            return new ExplainAnswer { Subject = $"request {id}", Decisions = decisions, Notes = ["It was granted nothing that is still on record.", .. Forgotten(decisions, silent)] };
        }

        var grants = ImmutableArray.CreateBuilder<ExplainedGrant>();
        foreach (var grant in request.Grant.Take(Most))
        {
            var held = (await RowsAsync(grant.Ip, cancellation)).Where(past => past.Held.Generation == grant.Generation).ToList();
            if (held.Count > 0)
            {
                grants.Add(await ExplainedAsync(held[^1], cancellation));
            }
        }

        return new ExplainAnswer
        {
            Subject = $"request {id}",
            Grants = grants.ToImmutable(),
            Decisions = decisions,
            Notes = [$"It was granted {request.Grant.Length} address{(request.Grant.Length == 1 ? "" : "es")} at {BlockTally.Instant(request.At)}{(request.Grant.Length > Most ? $"; the first {Most} are told" : "")}."],
        };
    }

    private async Task<Answer<ExplainAnswer>> HandleAsync(string handle, ExplainQuery query, CancellationToken cancellation)
    {
        var (decisions, silent) = await DecisionsAsync(query, cancellation);
        var rows = await Views.AddressesOfHandleAsync(handle, cancellation);
        var notes = ImmutableArray.CreateBuilder<string>();
        notes.Add($"It holds {rows.Length} address{(rows.Length == 1 ? "" : "es")}{(rows.Length > Most ? $"; the first {Most} are told" : "")}.");
        if (await Views.HandleClosedThroughAsync(handle, cancellation) is { } closed)
        {
            notes.Add($"It was finally released: what was issued through {closed:O} is refused.");
        }

        if (rows.IsEmpty)
        {
            notes.AddRange(Forgotten(decisions, silent));
        }

        var grants = ImmutableArray.CreateBuilder<ExplainedGrant>();
        foreach (var row in rows.Take(Most))
        {
            grants.Add(await ExplainedAsync((row, null), cancellation));
        }

        return new ExplainAnswer { Subject = $"handle {handle}", Grants = grants.ToImmutable(), Decisions = decisions, Notes = notes.ToImmutable() };
    }

    private async Task<Answer<ExplainAnswer>> IpAsync(string text, ExplainQuery query, CancellationToken cancellation)
    {
        var state = await _queries.AddressAsync(text, cancellation);
        if (state.IsRefused)
        {
            return state.Refusals;
        }

        var ip = IpAddress.Parse(text);
        var shown = ip.ToString();
        var rows = await RowsAsync(ip, cancellation);
        var grants = ImmutableArray.CreateBuilder<ExplainedGrant>();
        foreach (var past in rows.Skip(Math.Max(0, rows.Count - Most)))
        {
            grants.Add(await ExplainedAsync(past, cancellation));
        }

        return new ExplainAnswer
        {
            Subject = $"address {shown}",
            Grants = grants.ToImmutable(),
            Decisions = (await DecisionsAsync(query, cancellation)).Decisions,
            Notes = [await PresentAsync(ip, state.Value, cancellation), .. rows.Count > Most ? [$"It had {rows.Count} holders; the last {Most} are told."] : Array.Empty<string>()],
        };
    }

    private async Task<string> PresentAsync(IpAddress ip, AddressState state, CancellationToken cancellation)
    {
        var (catalog, _) = await _workplace.CatalogAsync(cancellation);
        switch (state.State)
        {
            case "assigned":
                return $"It is held by {state.Assignment!.Handle ?? state.Assignment.Host} on {state.Assignment.Host}.";
            case "cooling":
                var entry = _workplace.Supplies.BlockEntry(Cidr.Parse(state.Block!));
                var until = entry.State.Cooling.TryGetValue(entry.State.OrdinalOf(ip), out var released) ? released + catalog.Rules.Cooldown : (DateTimeOffset?)null;
                return $"It was released and cools down{(until is { } at ? $" until {BlockTally.Instant(at)}" : "")}.";
            case "reserved":
                return catalog.Reservations.Holds(ip) ? "It is reserved: it is assigned only to who asks for this very address." : "The host of its block keeps it for itself.";
            case "outside":
                return "It lies in no pool.";
            default:
                var pool = catalog.PoolHolding(ip);
                return $"It is free in {(pool is null ? "a block that outlived its pool" : pool.Disabled ? $"pool {pool.Name}, which is disabled" : $"pool {pool.Name}")}{(state.Block is null ? "; nobody has its block" : "")}.";
        }
    }

    /// <summary>Everybody who held or holds the address, oldest first.</summary>
    private async Task<List<(AddressRow Held, DateTimeOffset? To)>> RowsAsync(IpAddress ip, CancellationToken cancellation)
    {
        var past = await Views.HistoryAsync(ip, cancellation);
        var present = await Views.AddressAsync(ip, cancellation);
        var rows = past.Select(static row => (row.Held, (DateTimeOffset?)row.ReleasedAt)).ToList();
        if (present is not null)
        {
            rows.Add((present, null));
        }

        return rows;
    }

    private async Task<ExplainedGrant> ExplainedAsync((AddressRow Held, DateTimeOffset? To) past, CancellationToken cancellation) => new(
        past.Held.Ip.ToString(), past.Held.Handle, past.Held.Holder.Name, past.Held.Generation, past.Held.Since, past.To,
        await _reasons.OfAsync(past.Held, replay: true, cancellation));

    /// <summary>What this member remembers; when that is nothing, what the others do, each with the name of who remembers it.</summary>
    /// <returns>The decisions, newest first, and which members were asked and did not answer.</returns>
    private async Task<(ImmutableArray<RememberedDecision> Decisions, ImmutableArray<string> Silent)> DecisionsAsync(ExplainQuery query, CancellationToken cancellation)
    {
        var own = Remembered(_workplace, query);
        if (!own.IsEmpty || _others is not { HasOthers: true })
        {
            return ([.. own.Select(decision => decision with { Member = _workplace.Options.Name })], []);
        }

        var asked = await _others.RememberedAsync(query, cancellation);
        var told = asked.SelectMany(static one => (one.Decisions ?? []).Select(decision => decision with { Member = one.Member }))
            .OrderByDescending(static decision => decision.At).Take(Most);
        return ([.. told], [.. asked.Where(static one => one.Decisions is null).Select(static one => one.Member)]);
    }

    /// <summary>Refusals are in nobody's journal: who no longer remembers says so.</summary>
    private IEnumerable<string> Forgotten(ImmutableArray<RememberedDecision> decisions, ImmutableArray<string> silent)
    {
        if (decisions.IsEmpty)
        {
            var since = _workplace.Decisions.Since is { } at ? $"it remembers its own decisions since {BlockTally.Instant(at)}" : "it has decided nothing since it was started";
            var others = _others is { HasOthers: true } ? ", nor does any other member that was asked" : "";
            yield return $"If it was refused, {_workplace.Options.Name} does not remember it ({since}){others}.";
        }

        if (!silent.IsEmpty)
        {
            yield return $"{string.Join(", ", silent)} did not answer, and may know more.";
        }
    }
}
