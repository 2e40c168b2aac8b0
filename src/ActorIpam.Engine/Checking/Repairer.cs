using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Checking;

/// <summary>Rebuilds damaged views from the streams they are the fold of.</summary>
/// <remarks>
/// Each repair is an ordinary unit, fenced on the head of the stream it was computed from: what moves meanwhile makes it lose, and it is computed again. So it is
/// safe beside members that serve. The owner of a block whose row was wrong is raised: whoever remembers its blocks looks again. A row that must not be there
/// goes to the history of its address with the reason <c>repaired</c>, as evidence; it ends there when it began, so that nobody is told that it was so.
/// </remarks>
internal sealed class Repairer(MemberPorts ports, string member, Action<CheckProgress>? tell)
{
    /// <summary>How often everything is looked at again: each time the first thousand problems are worked through.</summary>
    private const int Rounds = 100;

    private readonly HashSet<Cidr> _resealed = [];
    private IReadOnlyCollection<Cidr>? _claimed;
    private readonly ImmutableArray<string>.Builder _repaired = ImmutableArray.CreateBuilder<string>();

    public async Task<RepairReport> RunAsync(CancellationToken cancellation)
    {
        var before = await new Checker(ports, tell).RunAsync(cancellation);
        var after = before;
        for (var round = 0; round < Rounds && after.Problems.Any(static problem => problem.Source is not null); round++)
        {
            var done = _repaired.Count;
            foreach (var source in after.Problems.Select(static problem => problem.Source).OfType<string>().Distinct(StringComparer.Ordinal))
            {
                await RepairAsync(source, cancellation);
            }

            after = await new Checker(ports, tell).RunAsync(cancellation);
            if (_repaired.Count == done)
            {
                break;
            }
        }

        return new() { Before = before, Repaired = _repaired.ToImmutable(), After = after };
    }

    private async Task RepairAsync(string source, CancellationToken cancellation)
    {
        for (var look = 0; look < Replay.Looks; look++)
        {
            var repair = source.StartsWith("block/", StringComparison.Ordinal) ? await OfBlockAsync(Cidr.Parse(source["block/".Length..]), cancellation)
                : source == Streams.Catalog.Value ? await OfCatalogAsync(cancellation)
                : null;
            if (repair is null)
            {
                return;
            }

            var unit = new Unit(new(ports.Chance.NewId()))
            {
                At = ports.Time.Reading(),
                Member = member,
                Fences = [new(repair.Source, repair.Head)],
                Raises = repair.Raises,
                Views = repair.Views,
            };
            var outcome = (await ports.Journal.AppendAsync([unit]))[0];
            if (outcome is Outcome.Won or Outcome.AlreadyMine)
            {
                _repaired.AddRange(repair.Told);
            }
            else if (outcome is Outcome.Failed failed && failed.Fault != JournalFault.BrokenInvariant)
            {
                throw Turns.TurnRunner.Failure(failed);
            }

            if (outcome is Outcome.Won && !repair.GoesOn)
            {
                return;
            }

            // Computed again from what is stored then, so it does no harm that nobody knows; silence to the end must not look like nothing to mend.
            if (outcome is Outcome.Unknown && look == Replay.Looks - 1)
            {
                throw new UnavailableException($"The journal does not say whether what mends {source} was written: repair again when it answers.");
            }
        }
    }

    private async Task<Repair?> OfBlockAsync(Cidr range, CancellationToken cancellation)
    {
        // Rows first: a head that is read later than they were makes the unit lose, never win with old rows.
        var row = await ports.Views.BlockAsync(range, cancellation);
        var shown = (await ports.Views.FindAddressesAsync(new() { Range = range, Limit = 10_000 }, cancellation)).Items.ToDictionary(static address => address.Ip);
        if (await new BlockReplay(ports, new(tell: null), range).RunAsync(cancellation) is not { } replayed)
        {
            return null;
        }

        // Without a head there is nothing to rebuild from; that of a block which was claimed once is lost, and what is shown is all there is.
        if (replayed.Head == Head.None && (await ClaimedAsync(cancellation)).Contains(range))
        {
            return null;
        }

        var truth = new Restoring(replayed);
        var repair = new Repair(Streams.Block(range), truth.Head);
        if (row != truth.Block)
        {
            repair = repair.With(
                truth.Block is { } stands ? new IpamViewChange.BlockStands(stands) : new IpamViewChange.BlockGone(range), $"block {range}: its row was rebuilt from its stream")
                with
            { Raises = [.. new[] { row?.Owner, truth.Block?.Owner }.OfType<Domain.Blocks.Owner>().Select(Streams.Host).Distinct().Order()] };
        }

        var evidence = ports.Past is { } past ? await past.HistoryInAsync(range, cancellation) : [];
        foreach (var ip in truth.Held.Union(shown.Keys).Order())
        {
            // What was removed by the unit before, or moved to the history by mistake, still has what only rows know.
            var stored = shown.GetValueOrDefault(ip);
            repair = OfAddress(repair, ip, stored, truth.Address(ip, stored ?? evidence.LastOrDefault(row => truth.IsHeldBy(row.Held))?.Held), truth);
        }

        if (ports.Past is not null)
        {
            foreach (var flaw in await new HistoryCheck(ports.Past, range).FlawsAsync(replayed, [.. shown.Values], cancellation))
            {
                repair = flaw.Mends is { } mends ? repair.With(mends, $"{flaw.Subject}: its history was rebuilt from the stream of its block") : repair;
            }
        }

        foreach (var snapshot in _resealed.Add(range) ? replayed.RightSnapshots : [])
        {
            if (ports.Upkeep is { } upkeep && await upkeep.KeepAsync(snapshot, cancellation))
            {
                _repaired.Add($"block {range}: its snapshot at version {snapshot.Head.Version} was made anew from its rows");
            }
        }

        return repair.Views.IsEmpty ? null : repair;
    }

    /// <summary>Every block that any pool ever claimed, as of the first time it is asked.</summary>
    private async Task<IReadOnlyCollection<Cidr>> ClaimedAsync(CancellationToken cancellation)
    {
        var findings = new Findings(tell: null);
        return _claimed ??= await CatalogReplay.OfAsync(ports, findings, cancellation) is { } catalog
            ? (await new StreamsCheck(ports, findings, catalog).ClaimedAsync(cancellation)).Keys.ToHashSet()
            : [];
    }

    private static Repair OfAddress(Repair repair, IpAddress ip, AddressRow? stored, AddressRow? told, Restoring truth)
    {
        if (IsSame(stored, told))
        {
            return repair;
        }

        // A unit changes an address once: a wrong row goes with this one, the right one comes with the next.
        return stored is not null
            ? repair.With(
                new IpamViewChange.AddressFreed(ip, stored.Generation, truth.Pool, stored.Since, AddressHistoryRow.Repaired),
                $"address {ip}: a row that said {stored.Handle ?? stored.Holder.Name} was removed") with
            { GoesOn = repair.GoesOn || told is not null }
            : (told!.IsRedacted ? repair.With(new IpamViewChange.AttributesRedacted(ip, told.Generation)) : repair).With(
                new IpamViewChange.AddressHeld(told),
                $"address {ip}: the row of {told!.Handle ?? told.Holder.Name} was restored{Lost(told, truth)}");
    }

    private static string Lost(AddressRow row, Restoring truth) =>
        !truth.Tells(row) ? $", without attributes, as of {row.Since:O}: the event that assigned it was cut, and snapshots tell neither" :
        Restoring.IsMarked(row) ? ", without its attributes: the journal holds only their digest" : "";

    private static bool IsSame(AddressRow? stored, AddressRow? told) => stored is null || told is null
        ? stored is null && told is null
        : (stored with { Attributes = told.Attributes }) == told && stored.Attributes.SequenceEqual(told.Attributes);

    private async Task<Repair?> OfCatalogAsync(CancellationToken cancellation)
    {
        var findings = new Findings(tell: null);
        if (await CatalogReplay.OfAsync(ports, findings, cancellation) is not { } replayed)
        {
            return null;
        }

        // A row that is written anew tells so in its history; that is told anew behind it, in the same unit.
        var repair = new Repair(Streams.Catalog, replayed.Head);
        var flaws = await new CatalogCheck(ports, findings).FlawsAsync(replayed, cancellation);
        foreach (var flaw in flaws)
        {
            repair = repair.With(flaw.Mends, $"{flaw.Name}: {flaw.Mended}");
        }

        var retold = repair.Views.OfType<IpamViewChange.ResourceRetold>().Select(static change => (change.Kind, change.Name)).ToHashSet();
        foreach (var (kind, name) in repair.Views.Select(KeyOf).OfType<(string, string)>().Where(key => !retold.Contains(key)).Distinct().ToArray())
        {
            repair = repair.With(new IpamViewChange.ResourceRetold(kind, name, [.. replayed.Told.GetValueOrDefault((kind, name), [])]));
        }

        return repair.Views.IsEmpty ? null : repair;
    }

    private static (string Kind, string Name)? KeyOf(ViewChange change) => change switch
    {
        IpamViewChange.ResourceStored(var row) => (row.Kind, row.Name),
        IpamViewChange.ResourceGone gone => (gone.Kind, gone.Name),
        _ => null,
    };

    /// <summary>What one unit mends.</summary>
    private sealed record Repair(StreamId Source, Head Head)
    {
        public ImmutableArray<StreamId> Raises { get; init; } = [];

        public ImmutableArray<ViewChange> Views { get; private init; } = [];

        public ImmutableArray<string> Told { get; private init; } = [];

        /// <summary>More is to be written when this is.</summary>
        public bool GoesOn { get; init; }

        public Repair With(IpamViewChange change) => this with { Views = Views.Add(change) };

        public Repair With(IpamViewChange change, string told) => this with { Views = Views.Add(change), Told = Told.Add(told) };
    }
}
