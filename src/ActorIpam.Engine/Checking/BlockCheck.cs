using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Door;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Checking;

/// <summary>Compares a block's stream with its row and with the rows of its addresses (INV-1, 2, 6, 7).</summary>
internal sealed class BlockCheck(MemberPorts ports, Findings findings)
{
    public async Task RunAsync(Cidr range, CancellationToken cancellation)
    {
        for (var look = 0; look < Replay.Looks; look++)
        {
            var before = await ports.Views.BlockAsync(range, cancellation);
            var rows = await ports.Views.FindAddressesAsync(new() { Range = range, Limit = 10_000 }, cancellation);
            if (await new BlockReplay(ports, findings, range).RunAsync(cancellation) is not { } replayed)
            {
                return;
            }

            ImmutableArray<HistoryFlaw> flaws = ports.Past is { } past ? await new HistoryCheck(past, range).FlawsAsync(replayed, rows.Items, cancellation) : [];
            var after = await ports.Views.BlockAsync(range, cancellation);
            if (before != after || (after is not null && after.Version != replayed.Head.Version && look < Replay.Looks - 1))
            {
                continue;
            }

            Compare(range, replayed.State, replayed.Head, after);
            Compare(replayed, rows.Items);
            CompareAttributes(replayed, rows.Items);
            foreach (var flaw in flaws)
            {
                findings.Add(CheckKind.HistoryDiffers, flaw.Subject, flaw.Message, flaw.Mends is null ? null : Streams.Block(range));
            }

            findings.Count(blocks: 1, addresses: rows.Items.Length);
            return;
        }
    }

    private void Compare(Cidr range, Block block, Head head, BlockRow? row)
    {
        BlockRow? expected = block.IsOpen ? block.Row(head.Version) : null;
        if (row != expected)
        {
            findings.Add(CheckKind.BlockDiffers, range.ToString(), $"The row shows {Text(row)}; the stream says {Text(expected)}.", Streams.Block(range));
        }
    }

    private static string Text(BlockRow? row) => row is null
        ? "no block"
        : $"version {row.Version} of {row.Owner?.ToString() ?? "nobody"}: {row.Free} free, {row.Assigned} held ({row.Borrowed} borrowed), {row.Cooling} cooling, {row.HostReserved} kept, of {row.Size}";

    private void Compare(ReplayedBlock replayed, ImmutableArray<AddressRow> rows)
    {
        var block = replayed.State;
        var shown = rows.ToDictionary(static row => row.Ip);
        for (var ordinal = 0; block.IsOpen && ordinal < block.Size; ordinal++)
        {
            var (ip, slot) = (block.AddressAt(ordinal), block.Slots[ordinal]);
            var row = shown.GetValueOrDefault(ip);
            shown.Remove(ip);
            if (slot.State == SlotState.Held && row is null)
            {
                findings.Add(CheckKind.AddressMissing, ip.ToString(), $"The stream says that {slot.Handle ?? slot.Holder.Name} holds it since generation {slot.Generation}; no row shows it.", Streams.Block(block.Range));
            }
            else if (slot.State != SlotState.Held && row is not null)
            {
                findings.Add(CheckKind.AddressUnknown, ip.ToString(), $"A row shows it held by {row.Handle ?? row.Holder.Name}; the stream says {slot.State}.", Streams.Block(block.Range));
            }
            else if (row is not null && new Restoring(replayed).Address(ip, row) is { } told && (row with { Attributes = told.Attributes }) != told)
            {
                findings.Add(CheckKind.AddressDiffers, ip.ToString(), $"The row shows {Text(row)}; the stream says {Text(told)}.", Streams.Block(block.Range));
            }
        }

        foreach (var row in shown.Values)
        {
            findings.Add(CheckKind.AddressUnknown, row.Ip.ToString(), $"A row shows it held by {row.Handle ?? row.Holder.Name} in a block that is closed.", Streams.Block(block.Range));
        }
    }

    private static string Text(AddressRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.Handle ?? "no handle"} of {row.Holder} in {row.Block} since {row.Since.UtcDateTime:O} (generation {row.Generation}{(row.Issued is { } issued ? $", issued {issued.UtcDateTime:O}" : "")})");

    /// <summary>Attributes stand in the rows only; the event holds their digest, as long as its journal row is kept. A row that was restored says that it has lost them; what was redacted has none to compare.</summary>
    private void CompareAttributes(ReplayedBlock replayed, ImmutableArray<AddressRow> rows)
    {
        foreach (var row in rows.Where(static row => !row.IsRedacted))
        {
            if (!Restoring.IsMarked(row) && replayed.Story.Grants.TryGetValue((replayed.State.OrdinalOf(row.Ip), row.Generation), out var grant) && grant.Digest != Checks.AttributesDigest(row.Attributes))
            {
                findings.Add(CheckKind.AttributesDiffer, row.Ip.ToString(), "Its attributes are not those it was assigned with.", Streams.Block(replayed.State.Range));
            }
        }
    }
}
