using System.Globalization;
using System.Text.Json;
using ActorIpam.Domain.Views;

namespace ActorIpam.Storage.Postgres;

/// <summary>The parts of which the documents of a batch are made.</summary>
internal static class JsonRows
{
    /// <summary>What a row of an address says besides address and generation; a JSON null stands for attributes that were blanked.</summary>
    public static void WriteHeld(this Utf8JsonWriter json, AddressRow row)
    {
        json.WriteString("block", row.Block.ToString());
        json.WriteString("handle", row.Handle);
        json.WriteString("owner", row.Holder.ToString());
        json.WritePropertyName("attributes");
        json.WriteAttributes(row);
        json.WriteTime("since", row.Since);
        json.WriteTime("issued", row.Issued);
    }

    public static void WriteAttributes(this Utf8JsonWriter json, AddressRow row)
    {
        if (row.IsRedacted)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        foreach (var (key, value) in row.Attributes)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    /// <remarks>PostgreSQL keeps microseconds; what is finer is cut off, never rounded up, here and in what is compared with it.</remarks>
    public static void WriteTime(this Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } some)
        {
            json.WriteString(name, some.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        }
    }

    public static void WriteList<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> write)
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

    public static void WriteTexts(this Utf8JsonWriter json, string name, IEnumerable<string> texts)
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
