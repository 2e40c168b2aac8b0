using System.Collections.Immutable;
using System.Text.Json;
using ActorIpam.Domain.Events;
using ActorIpam.Domain.Resources;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Blocks;

/// <summary>A block's state as a JSON object: readable in the database, additive, held by a golden file.</summary>
/// <remarks>
/// Addresses stand by their ordinals, those never used as runs of first and last. Figures are not stored but counted when it is read, so that
/// they cannot contradict it (INV-6, 7).
/// </remarks>
public sealed class BlockSnapshotCodec : ISnapshotCodec<Block>
{
    public static BlockSnapshotCodec Instance { get; } = new();

    public int Schema => 1;

    public string Write(Block state) => JsonText.Write(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("open", state.IsOpen);
        json.WriteString("lastEventAt", state.LastEventAt);
        if (state.IsOpen)
        {
            WriteOwner(json, state);
            WriteSlots(json, state);
            WriteFree(json, state.Free);
        }

        json.WriteEndObject();
    });

    public Block Read(Block beginning, string state, int schema)
    {
        if (schema > Schema)
        {
            throw new UnreadableEventException($"It has schema {schema}; this member reads up to {Schema}.");
        }

        return EventJson.Guarded(() =>
        {
            using var document = JsonDocument.Parse(state);
            var json = document.RootElement;
            var lastEventAt = json.GetProperty("lastEventAt").GetDateTimeOffset();
            return json.GetProperty("open").GetBoolean()
                ? Block.Restored(beginning.Range, Sound(ReadContent(json, beginning.Size) with { LastEventAt = lastEventAt }, beginning.Size))
                : Block.Closed(beginning.Range, lastEventAt);
        });
    }

    private static BlockContent Sound(BlockContent content, int size) =>
        content.FlawIn(size) is { } flaw ? throw new UnreadableEventException(flaw) : content;

    private static void WriteOwner(Utf8JsonWriter json, Block state)
    {
        json.WriteString("pool", state.Pool);
        json.WriteOptional("owner", state.Owner?.ToString());
        if (state.ClaimedAt is { } claimedAt)
        {
            json.WriteString("claimedAt", claimedAt);
        }

        BlockEventCodec.WriteHostReserved(json, state.HostReserved);
    }

    private static void WriteSlots(Utf8JsonWriter json, Block state)
    {
        json.WriteStartArray("held");
        foreach (var (ordinal, slot) in SlotsOf(state, SlotState.Held))
        {
            json.WriteStartObject();
            json.WriteNumber("ordinal", ordinal);
            json.WriteNumber("generation", slot.Generation);
            json.WriteOptional("handle", slot.Handle);
            json.WriteString("holder", slot.Holder.ToString());
            if (slot.At is { } issued)
            {
                json.WriteString("issued", issued);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("cooling");
        foreach (var (ordinal, slot) in SlotsOf(state, SlotState.Cooling))
        {
            json.WriteStartObject();
            json.WriteNumber("ordinal", ordinal);
            json.WriteNumber("generation", slot.Generation);
            json.WriteString("releasedAt", slot.At!.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static IEnumerable<(int Ordinal, Slot Slot)> SlotsOf(Block state, SlotState which) =>
        Enumerable.Range(0, state.Size).Select(ordinal => (ordinal, state.Slots[ordinal])).Where(one => one.Item2.State == which);

    private static void WriteFree(Utf8JsonWriter json, FreeQueue free)
    {
        json.WriteStartArray("unused");
        int? first = null, last = null;
        foreach (var ordinal in free.Unused())
        {
            if (last + 1 != ordinal)
            {
                WriteRun(json, first, last);
                first = ordinal;
            }

            last = ordinal;
        }

        WriteRun(json, first, last);
        json.WriteEndArray();
        json.WriteStartArray("returned");
        foreach (var ordinal in free.Returned())
        {
            json.WriteNumberValue(ordinal);
        }

        json.WriteEndArray();
    }

    private static void WriteRun(Utf8JsonWriter json, int? first, int? last)
    {
        if (first is not null)
        {
            json.WriteStartArray();
            json.WriteNumberValue(first.Value);
            json.WriteNumberValue(last!.Value);
            json.WriteEndArray();
        }
    }

    private static BlockContent ReadContent(JsonElement json, int size)
    {
        var slots = ImmutableSortedDictionary.CreateBuilder<int, Slot>();
        foreach (var item in json.GetProperty("held").EnumerateArray())
        {
            slots[OrdinalOf(item.GetProperty("ordinal"), size)] = new(SlotState.Held, item.GetProperty("generation").GetInt64(), item.Text("handle"), Owner.Parse(item.Needed("holder")), item.Time("issued"));
        }

        foreach (var item in json.GetProperty("cooling").EnumerateArray())
        {
            slots[OrdinalOf(item.GetProperty("ordinal"), size)] = new(SlotState.Cooling, item.GetProperty("generation").GetInt64(), null, default, item.GetProperty("releasedAt").GetDateTimeOffset());
        }

        var unused = json.GetProperty("unused").EnumerateArray().SelectMany(run => Run(OrdinalOf(run[0], size), OrdinalOf(run[1], size)));
        var returned = json.GetProperty("returned").EnumerateArray().Select(ordinal => OrdinalOf(ordinal, size));
        return new()
        {
            Pool = json.Needed("pool"),
            Owner = json.Text("owner") is { } owner ? Owner.Parse(owner) : null,
            ClaimedAt = json.Time("claimedAt"),
            HostReserved = BlockEventCodec.ReadHostReserved(json),
            Slots = slots.ToImmutable(),
            Free = FreeQueue.Of(size, unused, returned),
        };
    }

    private static IEnumerable<int> Run(int first, int last) => Enumerable.Range(first, Math.Max(0, last - first + 1));

    private static int OrdinalOf(JsonElement json, int size) =>
        json.GetInt32() is var ordinal && ordinal >= 0 && ordinal < size ? ordinal : throw new FormatException($"{json} is no ordinal of a block of {size} addresses.");
}
