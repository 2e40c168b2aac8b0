using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using static ActorIpam.Domain.Views.IpamGuard;
using static ActorIpam.Domain.Views.IpamViewChange;

namespace ActorIpam.Storage.Postgres;

/// <summary>A batch as the JSON array that <c>append_units</c> reads. Parts a unit does not have are left out.</summary>
internal static class BatchDocument
{
    public static string Write(IReadOnlyList<Unit> units)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var unit in units)
            {
                Write(json, unit);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The attributes of an address as they stand in its row: a JSON object, or null when they were blanked.</summary>
    public static string Attributes(AddressRow row)
    {
        if (row.IsRedacted || row.Attributes.IsEmpty)
        {
            return row.IsRedacted ? "null" : "{}";
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteAttributes(row);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, Unit unit)
    {
        json.WriteStartObject();
        json.WriteString("commit", unit.Commit.Value);
        json.WriteTime("at", unit.At);
        json.WriteString("member", unit.Member);
        json.WriteList("appends", unit.Appends, append =>
        {
            Write(json, append.Stream, append.Expected);
            json.WriteNumber("schema", append.Schema);
            json.WriteString("events", append.Events);
        });
        json.WriteList("fences", unit.Fences, fence => Write(json, fence.Stream, fence.Expected));
        json.WriteTexts("raises", unit.Raises.Select(stream => stream.Value));
        WriteGuards(json, unit.Guards);
        WriteAddresses(json, unit.Views);
        WriteOthers(json, unit.Views);
        HistoryDocument.Write(json, unit.Views);
        json.WriteEndObject();
    }

    private static void WriteGuards(Utf8JsonWriter json, ImmutableArray<Guard> guards)
    {
        var numbered = guards.Select((guard, index) => (Guard: guard, Index: index)).ToList();
        json.WriteList("opens", numbered.Where(item => item.Guard is HandleOpen), item =>
        {
            var open = (HandleOpen)item.Guard;
            json.WriteNumber("guard", item.Index);
            json.WriteString("handle", open.Handle);
            json.WriteTime("issued", open.Issued);
            json.WriteStartArray("caps");
            foreach (var cap in open.Caps)
            {
                json.WriteStartObject();
                json.WriteNumber("family", (int)cap.Family);
                json.WriteNumber("most", cap.Most);
                json.WriteNumber("adding", cap.Adding);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        json.WriteList("closes", guards.OfType<HandleClose>(), close =>
        {
            json.WriteString("handle", close.Handle);
            json.WriteTime("through", close.Through);
        });
        json.WriteList("requests", numbered.Where(item => item.Guard is NewRequest), item =>
        {
            var request = (NewRequest)item.Guard;
            json.WriteNumber("guard", item.Index);
            json.WriteString("id", request.Id);
            json.WriteString("digest", request.Digest);
            json.WriteTime("issued", request.Issued);
            json.WriteString("handle", request.Handle);
            json.WriteStartArray("ips");
            foreach (var grant in request.Grant)
            {
                json.WriteStringValue(grant.Ip.ToString());
            }

            json.WriteEndArray();
            json.WriteStartArray("generations");
            foreach (var grant in request.Grant)
            {
                json.WriteNumberValue(grant.Generation);
            }

            json.WriteEndArray();
        });
    }

    private static void WriteAddresses(Utf8JsonWriter json, ImmutableArray<ViewChange> changes)
    {
        json.WriteList("held", changes.OfType<AddressHeld>(), held =>
        {
            json.WriteString("ip", held.Row.Ip.ToString());
            json.WriteNumber("generation", held.Row.Generation);
            json.WriteHeld(held.Row);
        });
        json.WriteList("freed", changes.OfType<AddressFreed>(), freed =>
        {
            json.WriteString("ip", freed.Ip.ToString());
            json.WriteNumber("generation", freed.Generation);
            json.WriteString("pool", freed.Pool);
            json.WriteTime("at", freed.ReleasedAt);
            json.WriteString("why", freed.Why);
        });
    }

    private static void WriteOthers(Utf8JsonWriter json, ImmutableArray<ViewChange> changes)
    {
        json.WriteList("stands", changes.OfType<BlockStands>(), stands => Write(json, stands.Row));
        json.WriteTexts("gone", changes.OfType<BlockGone>().Select(gone => gone.Block.ToString()));
        json.WriteList("stored", changes.OfType<ResourceStored>(), stored =>
        {
            json.WriteString("kind", stored.Row.Kind);
            json.WriteString("name", stored.Row.Name);
            json.WriteString("uid", stored.Row.Uid);
            json.WriteNumber("version", stored.Row.ResourceVersion);
            json.WriteString("body", stored.Row.Body);
        });
        json.WriteList("dropped", changes.OfType<ResourceGone>(), gone =>
        {
            json.WriteString("kind", gone.Kind);
            json.WriteString("name", gone.Name);
        });
        json.WriteList("forgotten", changes.OfType<RequestForgotten>(), forgotten =>
        {
            json.WriteString("id", forgotten.Id);
            json.WriteTime("at", forgotten.At);
        });
        json.WriteList("reopened", changes.OfType<CloseForgotten>(), forgotten =>
        {
            json.WriteString("handle", forgotten.Handle);
            json.WriteTime("through", forgotten.Through);
        });
    }

    private static void Write(Utf8JsonWriter json, BlockRow row)
    {
        json.WriteString("cidr", row.Block.ToString());
        json.WriteString("pool", row.Pool);
        json.WriteString("owner", row.Owner?.ToString());
        json.WriteNumber("version", row.Version);
        json.WriteNumber("size", row.Size);
        json.WriteNumber("free", row.Free);
        json.WriteNumber("assigned", row.Assigned);
        json.WriteNumber("cooling", row.Cooling);
        json.WriteNumber("host_reserved", row.HostReserved);
        json.WriteNumber("borrowed", row.Borrowed);
        json.WriteTime("claimed_at", row.ClaimedAt);
        json.WriteTime("cooling_since", row.CoolingSince);
    }

    private static void Write(Utf8JsonWriter json, StreamId stream, Head head)
    {
        json.WriteString("stream", stream.Value);
        json.WriteNumber("version", head.Version);
        json.WriteString("commit", head.Commit.Value);
    }
}
