using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using ActorIpam.Domain.Events;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Blocks;

/// <summary>The wire names and properties of a block's events. Additive only; a golden file stands for each.</summary>
public sealed class BlockEventCodec : IEventCodec<BlockEvent>
{
    public static BlockEventCodec Instance { get; } = new();

    public int Schema => 1;

    public string Write(IReadOnlyList<BlockEvent> events)
    {
        var grounds = new GroundsJson();
        return EventJson.Write(events, (json, fact) => WriteOne(json, fact, grounds));
    }

    public IReadOnlyList<BlockEvent> Read(string events, int schema)
    {
        var grounds = new GroundsJson();
        return EventJson.Read(events, schema, Schema, (type, item) => ReadOne(type, item, grounds));
    }

    private static void WriteOne(Utf8JsonWriter json, BlockEvent fact, GroundsJson grounds)
    {
        switch (fact)
        {
            case BlockEvent.Opened opened:
                WriteOpened(json, opened);
                break;
            case BlockEvent.AddressAssigned assigned:
                WriteAssigned(json, assigned);
                grounds.Write(json, assigned.Grounds);
                break;
            case BlockEvent.AddressReleased released:
                json.WriteString("type", "AddressReleased");
                json.WriteNumber("ordinal", released.Ordinal);
                json.WriteNumber("generation", released.Generation);
                json.WriteString("releasedAt", released.ReleasedAt);
                json.WriteString("why", released.Why);
                break;
            case BlockEvent.CooldownEnded ended:
                json.WriteString("type", "CooldownEnded");
                json.WriteStartArray("ordinals");
                foreach (var ordinal in ended.Ordinals)
                {
                    json.WriteNumberValue(ordinal);
                }

                json.WriteEndArray();
                break;
            case BlockEvent.AffinityLost lost:
                json.WriteString("type", "AffinityLost");
                json.WriteString("why", lost.Why);
                break;
            case BlockEvent.Moved moved:
                json.WriteString("type", "BlockMoved");
                json.WriteString("pool", moved.Pool);
                json.WriteString("why", moved.Why);
                break;
            case BlockEvent.Closed closed:
                json.WriteString("type", "BlockClosed");
                json.WriteString("why", closed.Why);
                break;
            default:
                throw new UnreachableException($"{fact.GetType().Name} has no wire name.");
        }
    }

    private static void WriteOpened(Utf8JsonWriter json, BlockEvent.Opened opened)
    {
        json.WriteString("type", "BlockOpened");
        json.WriteString("pool", opened.Pool);
        json.WriteString("owner", opened.Owner.ToString());
        json.WriteString("at", opened.At);
        WriteHostReserved(json, opened.HostReserved);
    }

    internal static void WriteHostReserved(Utf8JsonWriter json, HostReserved? kept)
    {
        if (kept is not null)
        {
            json.WriteStartObject("hostReserved");
            json.WriteNumber("start", kept.Start);
            json.WriteNumber("end", kept.End);
            json.WriteOptional("handle", kept.Handle);
            json.WriteEndObject();
        }
    }

    private static void WriteAssigned(Utf8JsonWriter json, BlockEvent.AddressAssigned assigned)
    {
        json.WriteString("type", "AddressAssigned");
        json.WriteNumber("ordinal", assigned.Ordinal);
        json.WriteNumber("generation", assigned.Generation);
        json.WriteOptional("handle", assigned.Handle);
        json.WriteString("holder", assigned.Holder.ToString());
        json.WriteOptional("attributes", assigned.AttributesDigest);
        if (assigned.Issued is { } issued)
        {
            json.WriteString("issued", issued);
        }

        json.WriteString("why", assigned.Why);
    }

    private static BlockEvent? ReadOne(string type, JsonElement item, GroundsJson grounds) => type switch
    {
        "BlockOpened" => new BlockEvent.Opened(item.Needed("pool"), Owner.Parse(item.Needed("owner")), item.Time("at")!.Value, ReadHostReserved(item)),
        "AddressAssigned" => new BlockEvent.AddressAssigned(
            item.GetProperty("ordinal").GetInt32(), item.GetProperty("generation").GetInt64(), item.Text("handle"),
            Owner.Parse(item.Needed("holder")), item.Text("attributes"), item.Time("issued"), item.Needed("why"), grounds.Read(item)),
        "AddressReleased" => new BlockEvent.AddressReleased(
            item.GetProperty("ordinal").GetInt32(), item.GetProperty("generation").GetInt64(), item.Time("releasedAt")!.Value, item.Needed("why")),
        "CooldownEnded" => new BlockEvent.CooldownEnded([.. item.GetProperty("ordinals").EnumerateArray().Select(static o => o.GetInt32())]),
        "AffinityLost" => new BlockEvent.AffinityLost(item.Needed("why")),
        "BlockMoved" => new BlockEvent.Moved(item.Needed("pool"), item.Needed("why")),
        "BlockClosed" => new BlockEvent.Closed(item.Needed("why")),
        _ => null,
    };

    internal static HostReserved? ReadHostReserved(JsonElement item) => item.TryGetProperty("hostReserved", out var kept)
        ? new(kept.GetProperty("start").GetInt32(), kept.GetProperty("end").GetInt32(), kept.Text("handle"))
        : null;
}
