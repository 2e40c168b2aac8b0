using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
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

    private static void Write(Utf8JsonWriter json, Unit unit)
    {
        json.WriteStartObject();
        json.WriteString("commit", unit.Commit.Value);
        Write(json, "at", unit.At);
        json.WriteString("member", unit.Member);
        List(json, "appends", unit.Appends, append =>
        {
            Write(json, append.Stream, append.Expected);
            json.WriteNumber("schema", append.Schema);
            json.WriteString("events", append.Events);
        });
        List(json, "fences", unit.Fences, fence => Write(json, fence.Stream, fence.Expected));
        Texts(json, "raises", unit.Raises.Select(stream => stream.Value));
        WriteGuards(json, unit.Guards);
        WriteAddresses(json, unit.Views);
        WriteOthers(json, unit.Views);
        WritePast(json, unit.Views);
        RetoldDocument.Write(json, unit.Views);
        json.WriteEndObject();
    }

    private static void WriteGuards(Utf8JsonWriter json, ImmutableArray<Guard> guards)
    {
        var numbered = guards.Select((guard, index) => (Guard: guard, Index: index)).ToList();
        List(json, "opens", numbered.Where(item => item.Guard is HandleOpen), item =>
        {
            var open = (HandleOpen)item.Guard;
            json.WriteNumber("guard", item.Index);
            json.WriteString("handle", open.Handle);
            Write(json, "issued", open.Issued);
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
        List(json, "closes", guards.OfType<HandleClose>(), close =>
        {
            json.WriteString("handle", close.Handle);
            Write(json, "through", close.Through);
        });
        List(json, "requests", numbered.Where(item => item.Guard is NewRequest), item =>
        {
            var request = (NewRequest)item.Guard;
            json.WriteNumber("guard", item.Index);
            json.WriteString("id", request.Id);
            json.WriteString("digest", request.Digest);
            Write(json, "issued", request.Issued);
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
        List(json, "held", changes.OfType<AddressHeld>(), held =>
        {
            json.WriteString("ip", held.Row.Ip.ToString());
            json.WriteNumber("generation", held.Row.Generation);
            WriteHeld(json, held.Row);
        });
        List(json, "freed", changes.OfType<AddressFreed>(), freed =>
        {
            json.WriteString("ip", freed.Ip.ToString());
            json.WriteNumber("generation", freed.Generation);
            json.WriteString("pool", freed.Pool);
            Write(json, "at", freed.ReleasedAt);
            json.WriteString("why", freed.Why);
        });
    }

    private static void WriteOthers(Utf8JsonWriter json, ImmutableArray<ViewChange> changes)
    {
        List(json, "stands", changes.OfType<BlockStands>(), stands => Write(json, stands.Row));
        Texts(json, "gone", changes.OfType<BlockGone>().Select(gone => gone.Block.ToString()));
        List(json, "stored", changes.OfType<ResourceStored>(), stored =>
        {
            json.WriteString("kind", stored.Row.Kind);
            json.WriteString("name", stored.Row.Name);
            json.WriteString("uid", stored.Row.Uid);
            json.WriteNumber("version", stored.Row.ResourceVersion);
            json.WriteString("body", stored.Row.Body);
        });
        List(json, "dropped", changes.OfType<ResourceGone>(), gone =>
        {
            json.WriteString("kind", gone.Kind);
            json.WriteString("name", gone.Name);
        });
        List(json, "forgotten", changes.OfType<RequestForgotten>(), forgotten =>
        {
            json.WriteString("id", forgotten.Id);
            Write(json, "at", forgotten.At);
        });
        List(json, "reopened", changes.OfType<CloseForgotten>(), forgotten =>
        {
            json.WriteString("handle", forgotten.Handle);
            Write(json, "through", forgotten.Through);
        });
    }

    private static void WritePast(Utf8JsonWriter json, ImmutableArray<ViewChange> changes)
    {
        List(json, "passed", changes.OfType<BlockPassed>(), passed =>
        {
            json.WriteString("cidr", passed.Block.ToString());
            Write(json, "at", passed.At);
            json.WriteString("ended", passed.Ended);
            if (passed.Begins is { } row)
            {
                json.WriteNumber("version", row.Version);
                json.WriteString("pool", row.Pool);
                json.WriteString("owner", row.Owner?.ToString());
                json.WriteString("why", row.Why);
            }
        });
        List(json, "redacted", changes.OfType<AttributesRedacted>(), redacted =>
        {
            json.WriteString("ip", redacted.Ip.ToString());
            json.WriteNumber("generation", redacted.Generation);
        });
        if (changes.OfType<HistoryForgotten>().SingleOrDefault() is { } forgotten)
        {
            json.WriteStartObject("cut");
            Write(json, "before", forgotten.Before);
            json.WriteNumber("most", forgotten.Most);
            json.WriteEndObject();
        }
    }

    /// <summary>What a row of an address says besides address and generation; a JSON null stands for attributes that were blanked.</summary>
    internal static void WriteHeld(Utf8JsonWriter json, AddressRow row)
    {
        json.WriteString("block", row.Block.ToString());
        json.WriteString("handle", row.Handle);
        json.WriteString("owner", row.Holder.ToString());
        if (row.IsRedacted)
        {
            json.WriteNull("attributes");
        }
        else
        {
            json.WriteStartObject("attributes");
            foreach (var (key, value) in row.Attributes)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        Write(json, "since", row.Since);
        Write(json, "issued", row.Issued);
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
        Write(json, "claimed_at", row.ClaimedAt);
        Write(json, "cooling_since", row.CoolingSince);
    }

    private static void Write(Utf8JsonWriter json, StreamId stream, Head head)
    {
        json.WriteString("stream", stream.Value);
        json.WriteNumber("version", head.Version);
        json.WriteString("commit", head.Commit.Value);
    }

    /// <remarks>PostgreSQL keeps microseconds; what is finer is cut off, never rounded up, here and in what is compared with it.</remarks>
    internal static void Write(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } some)
        {
            json.WriteString(name, some.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        }
    }

    internal static void List<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
    {
        var open = false;
        foreach (var item in items)
        {
            if (!open)
            {
                json.WriteStartArray(name);
                open = true;
            }

            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        if (open)
        {
            json.WriteEndArray();
        }
    }

    private static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        var list = texts.ToList();
        if (list.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        list.ForEach(json.WriteStringValue);
        json.WriteEndArray();
    }
}
