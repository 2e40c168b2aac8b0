using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Checking;

/// <summary>Rebuilds damaged views from the streams they are the fold of.</summary>
/// <remarks>
/// Each repair is an ordinary unit, fenced on the head of the stream it was computed from: what moves meanwhile makes it lose, and it is computed again. So it is
/// safe beside members that serve. The owner of a block whose row was wrong is raised: whoever remembers its blocks looks again. A row that must not be there
/// goes to the history of its address with the reason <c>repaired</c>, as evidence.
/// </remarks>
internal sealed class Repairer(MemberPorts ports, string member, Action<CheckProgress>? tell)
{
    /// <summary>How often everything is looked at again: each time the first thousand problems are worked through.</summary>
    private const int Rounds = 100;

    private const string Why = "repaired";

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

        var truth = new Restoring(replayed);
        var repair = new Repair(Streams.Block(range), truth.Head);
        if (row != truth.Block)
        {
            repair = repair.With(
                truth.Block is { } stands ? new IpamViewChange.BlockStands(stands) : new IpamViewChange.BlockGone(range), $"block {range}: its row was rebuilt from its stream")
                with
            { Raises = [.. new[] { row?.Owner, truth.Block?.Owner }.OfType<Domain.Blocks.Owner>().Select(Streams.Host).Distinct().Order()] };
        }

        foreach (var ip in truth.Held.Union(shown.Keys).Order())
        {
            var stored = shown.GetValueOrDefault(ip);
            repair = OfAddress(repair, ip, stored, truth.Address(ip, stored), truth);
        }

        return repair.Views.IsEmpty ? null : repair;
    }

    private Repair OfAddress(Repair repair, IpAddress ip, AddressRow? stored, AddressRow? told, Restoring truth)
    {
        if (IsSame(stored, told))
        {
            return repair;
        }

        // A unit changes an address once: a wrong row goes with this one, the right one comes with the next.
        return stored is not null
            ? repair.With(
                new IpamViewChange.AddressFreed(ip, stored.Generation, truth.Pool, ports.Time.Reading(), Why),
                $"address {ip}: a row that said {stored.Handle ?? stored.Holder.Name} was removed") with
            { GoesOn = repair.GoesOn || told is not null }
            : repair.With(
                new IpamViewChange.AddressHeld(told!),
                $"address {ip}: the row of {told!.Handle ?? told.Holder.Name} was restored{Lost(told, truth)}");
    }

    private static string Lost(AddressRow row, Restoring truth) =>
        !truth.Tells(row) ? $", without attributes, as of {row.Since:O}: the event that assigned it was cut, and snapshots tell neither" :
        Restoring.IsMarked(row) ? ", without its attributes: the journal holds only their digest" : "";

    private static bool IsSame(AddressRow? stored, AddressRow? told) => stored is null || told is null
        ? stored is null && told is null
        : (stored with { Attributes = told.Attributes, Since = told.Since }) == told && stored.Attributes.SequenceEqual(told.Attributes);

    private async Task<Repair?> OfCatalogAsync(CancellationToken cancellation)
    {
        var rows = new List<ResourceRow>();
        foreach (var kind in Enum.GetValues<ResourceKind>())
        {
            rows.AddRange(await ports.Views.ResourcesAsync(kind.ToString(), cancellation));
        }

        var findings = new Findings(tell: null);
        if (await Replay.OfAsync(ports, findings, Streams.Catalog, ResourceCatalog.Empty, new CatalogEventCodec(), cancellation) is not { } replayed)
        {
            return null;
        }

        var repair = new Repair(Streams.Catalog, replayed.Head);
        var expected = Enum.GetValues<ResourceKind>().SelectMany(kind => replayed.State.List(kind)).Select(CatalogCheck.Row).ToDictionary(static row => (row.Kind, row.Name));
        foreach (var row in rows.Where(row => !expected.ContainsKey((row.Kind, row.Name))))
        {
            repair = repair.With(new IpamViewChange.ResourceGone(row.Kind, row.Name), $"{row.Kind} {row.Name}: a row the catalog does not know was removed");
        }

        var shown = rows.ToDictionary(static row => (row.Kind, row.Name));
        foreach (var told in expected.Values.Where(told => shown.GetValueOrDefault((told.Kind, told.Name)) is not { } row
            || (row.Uid, row.ResourceVersion) != (told.Uid, told.ResourceVersion) || !CatalogCheck.IsSame(told.Body, row.Body)))
        {
            repair = repair.With(new IpamViewChange.ResourceStored(told), $"{told.Kind} {told.Name}: its row was rebuilt from the catalog's stream");
        }

        return repair.Views.IsEmpty ? null : repair;
    }

    /// <summary>What one unit mends.</summary>
    private sealed record Repair(StreamId Source, Head Head)
    {
        public ImmutableArray<StreamId> Raises { get; init; } = [];

        public ImmutableArray<ViewChange> Views { get; private init; } = [];

        public ImmutableArray<string> Told { get; private init; } = [];

        /// <summary>More is to be written when this is.</summary>
        public bool GoesOn { get; init; }

        public Repair With(IpamViewChange change, string told) => this with { Views = Views.Add(change), Told = Told.Add(told) };
    }
}
