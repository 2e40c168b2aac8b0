using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Allocation;
using ActorIpam.Engine.Door;
using ActorIpam.Runtime;
using ActorIpam.Runtime.GroupCommit;

namespace ActorIpam.Engine.Recovering;

/// <summary>Where holders tell a journal that was brought back from a backup what they hold, and where an operator ends its recovery (decision 0019).</summary>
internal sealed class RecoveryDoor(Workplace workplace, Committer committer)
{
    private const int MostHoldings = 10_000, MostNotReported = 1_000, AtOnce = 32, PerPage = 1_000;

    private readonly RecoveryRecord _record = new(workplace, committer);

    public async Task<Answer<RecoveryView>> ShowAsync(CancellationToken cancellation)
    {
        var (catalog, _) = await workplace.CatalogAsync(cancellation);
        return catalog.Recovery is { } recovery
            ? new RecoveryView
            {
                Recovering = true,
                TakenAt = recovery.TakenAt,
                BegunAt = recovery.BegunAt,
                Reported = Names(recovery.Reported),
                Waiting = Names(await KnownHoldersAsync(catalog, cancellation) is var known ? known.Except(recovery.Reported) : []),
            }
            : new RecoveryView();
    }

    public async Task<Answer<RecoveryReportAnswer>> ReportAsync(RecoveryReport report, CancellationToken cancellation)
    {
        var checks = new Checks();
        checks.Host(report.Host);
        var use = checks.Use(report.Use, required: false);
        var holdings = Read(report, checks);
        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var holder = AssignDoor.OwnerOf(report.Host!, use);
#if PLANTED_BUGS
        report = EventSourcing.Planted.Is("adopted-by-the-clock-of-the-member") ? report with { IssuedAt = null } : report;
#endif
        var ends = await AdoptAsync(holder, holdings, report.IssuedAt.Whole() ?? workplace.Ports.Time.Reading(), cancellation);
        if (ends.FirstOrDefault(static end => end.IsRefused && end.Refusals[0].Code == RefusalCode.NotRecovering) is { IsRefused: true } over)
        {
            return over.Refusals;
        }

        var told = holdings.Zip(ends).ToList();
        var answer = new RecoveryReportAnswer
        {
            Adopted = [.. told.Where(static pair => pair.Second is { IsRefused: false, Value: Adoption.New }).Select(static pair => pair.First.Ip.ToString())],
            Kept = told.Count(static pair => pair.Second is { IsRefused: false, Value: Adoption.Known }),
            Conflicts = [.. told.Where(static pair => pair.Second.IsRefused).Select(static pair => new DisputedHolding(pair.First.Ip.ToString(), pair.First.Handle, pair.Second.Refusals[0].Message))],
            NotReported = await NotReportedAsync(holder, [.. holdings.Select(static one => one.Ip)], cancellation),
        };
        var stands = !answer.Conflicts.IsEmpty;
#if PLANTED_BUGS
        stands = stands && !EventSourcing.Planted.Is("conflicts-count-as-reported");
#endif
        var no = await _record.WriteAsync(
            (_, recovery) => !stands && !recovery.Reported.Contains(holder) ? new CatalogEvent.HolderReported(holder, workplace.Ports.Time.Reading()) : (CatalogEvent?)null, cancellation);
        return no is null ? answer : no;
    }

    public async Task<Answer<RecoveryView>> EndAsync(RecoveryEnd request, CancellationToken cancellation)
    {
        async Task<ImmutableHashSet<Owner>> KnownAsync() => await KnownHoldersAsync((await workplace.CatalogAsync(cancellation)).Catalog, cancellation);
        var known = await workplace.SettledAsync(await KnownAsync(), KnownAsync, static (one, other) => one.SetEquals(other), cancellation);
        var no = await _record.WriteAsync((catalog, recovery) => End(catalog, recovery, known, request.AcceptLoss), cancellation);
        return no is null ? new RecoveryView() : no;
    }

    /// <remarks>
    /// During a recovery nobody comes to hold anything but by a report, which is an event of this very stream: who held nothing when they were read holds nothing now,
    /// or has reported. Nodes are taken from the catalog the end is decided on.
    /// </remarks>
    private Answer<CatalogEvent?> End(ResourceCatalog catalog, Recovery recovery, ImmutableHashSet<Owner> known, bool acceptLoss)
    {
        var now = workplace.Ports.Time.Reading();
        var waiting = known.Union(Nodes(catalog)).Except(recovery.Reported);
#if PLANTED_BUGS
        waiting = EventSourcing.Planted.Is("recovery-ends-unreported") ? [] : waiting;
#endif
        if (!acceptLoss && !waiting.IsEmpty)
        {
            return new Refusal(RefusalCode.NotReported, $"{waiting.Count} of those that may hold addresses have not reported: {string.Join(", ", Names(waiting).Take(5))}{(waiting.Count > 5 ? ", …" : "")}.")
            {
                Details = Names(waiting),
            };
        }

        // What was released shortly before the loss still cools, and here nothing knows of it (INV-11).
        var over = recovery.BegunAt + catalog.Rules.Cooldown;
#if PLANTED_BUGS
        over = EventSourcing.Planted.Is("recovery-ends-before-the-cooldown") ? recovery.BegunAt : over;
#endif
        if (!acceptLoss && now < over)
        {
            return new Refusal(RefusalCode.NotReported, $"The cooldown of what was released before the loss is not over before {over:u}.");
        }

        return new CatalogEvent.RecoveryEnded(now, waiting.Count);
    }

    private static ImmutableArray<(IpAddress Ip, string? Handle)> Read(RecoveryReport report, Checks checks)
    {
        var holdings = report.Holdings.OrEmpty();
        if (holdings.Length > MostHoldings)
        {
            checks.Say(RefusalCode.TooMany, "holdings", $"At most {MostHoldings} holdings, not {holdings.Length}.");
            return [];
        }

        var read = ImmutableArray.CreateBuilder<(IpAddress, string?)>();
        var seen = new HashSet<IpAddress>();
        for (var i = 0; i < holdings.Length; i++)
        {
            if (holdings[i] is not { } holding || !IpAddress.TryParse(holding.Ip, out var ip))
            {
                checks.Say(RefusalCode.BadIp, $"holdings[{i}].ip", $"'{holdings[i]?.Ip}' is not an IP address.");
            }
            else if (!seen.Add(ip))
            {
                checks.Say(RefusalCode.Invalid, $"holdings[{i}].ip", $"{ip} is named twice.");
            }
            else
            {
                checks.Handle(holding.Handle);
                read.Add((ip, holding.Handle));
            }
        }

        return read.ToImmutable();
    }

    /// <summary>A few at a time: each is a command in the mailbox of the holder's actor, and they share its turns.</summary>
    private async Task<List<Answer<Adoption>>> AdoptAsync(Owner holder, ImmutableArray<(IpAddress Ip, string? Handle)> holdings, DateTimeOffset issued, CancellationToken cancellation)
    {
        var ends = new List<Answer<Adoption>>();
        foreach (var chunk in holdings.Chunk(AtOnce))
        {
            // What the journal knows needs no pool that serves: its pool may be disabled or gone since, and the address in use all the same.
            async Task<HashSet<(IpAddress, string?)>> KnownAsync() =>
                [.. (await workplace.Ports.Views.AddressesAsync([.. chunk.Select(static one => one.Ip)], cancellation)).Where(row => row.Holder == holder).Select(static row => (row.Ip, row.Handle))];
            var known = await KnownAsync();
            known = known.Count == 0 ? known : await workplace.SettledAsync(known, KnownAsync, static (one, other) => one.SetEquals(other), cancellation);
#if PLANTED_BUGS
            known = EventSourcing.Planted.Is("known-holdings-need-a-pool") ? [] : known;
#endif
            var asked = chunk.Select(one => known.Contains(one) ? Task.FromResult<Answer<Adoption>>(Adoption.Known) : workplace.AskAsync(
                holder,
                new AdoptCommand(new(holder, one.Handle, Metadata.EmptyMap, AttributesDigest: null, issued, workplace.NewId(), ""), one.Ip) { Deadline = workplace.Deadline },
                cancellation)).ToList();
            foreach (var one in asked)
            {
                ends.Add(await one);
            }

            await workplace.Ports.Faults.PassAsync(FaultPoint.HoldingsAdopted);
        }

        return ends;
    }

    private async Task<ImmutableArray<DisputedHolding>> NotReportedAsync(Owner holder, ImmutableHashSet<IpAddress> reported, CancellationToken cancellation)
    {
        var missing = ImmutableArray.CreateBuilder<DisputedHolding>();
        await foreach (var row in HeldAsync(holder, cancellation))
        {
            if (!reported.Contains(row.Ip))
            {
                missing.Add(new(row.Ip.ToString(), row.Handle, Why: null));
                if (missing.Count == MostNotReported)
                {
                    break;
                }
            }
        }

        return missing.ToImmutable();
    }

    /// <summary>Everybody who may have been given something: nodes, owners of blocks, holders of addresses.</summary>
    private async Task<ImmutableHashSet<Owner>> KnownHoldersAsync(ResourceCatalog catalog, CancellationToken cancellation)
    {
        var known = Nodes(catalog).ToBuilder();
        ImmutableArray<BlockRow> page = [];
        do
        {
            page = await workplace.Ports.Views.BlocksInAsync(null, PerPage, page.IsEmpty ? null : page[^1].Block, cancellation);
            known.UnionWith(page.Select(static row => row.Owner).OfType<Owner>());
        }
        while (page.Length == PerPage);

        await foreach (var row in HeldAsync(holder: null, cancellation))
        {
            known.Add(row.Holder);
        }

        return known.ToImmutable();
    }

    private async IAsyncEnumerable<AddressRow> HeldAsync(Owner? holder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        Page<AddressRow>? page = null;
        do
        {
            page = await workplace.Ports.Views.FindAddressesAsync(new() { Holder = holder, Limit = PerPage, After = page?.Items[^1].Ip }, cancellation);
            foreach (var row in page.Items)
            {
                yield return row;
            }
        }
        while (page.More);
    }

    private static ImmutableHashSet<Owner> Nodes(ResourceCatalog catalog) => [.. catalog.List(ResourceKind.Node).Select(static node => Owner.Host(node.Metadata.Name))];

    private static ImmutableArray<string> Names(IEnumerable<Owner> owners) => [.. owners.Select(static owner => owner.ToString()).Order(StringComparer.Ordinal)];
}
