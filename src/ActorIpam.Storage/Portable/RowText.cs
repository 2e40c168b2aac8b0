using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;

namespace ActorIpam.Storage.Portable;

/// <summary>Rows as JSON arrays, and back. The same row is the same text, whichever storage it came from: rows are compared by it.</summary>
internal static class RowText
{
    private const string Moment = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(IBufferWriter<byte> into, PortableRow row)
    {
        using var json = new Utf8JsonWriter(into, Readable);
        json.WriteStartArray();
        for (var i = 0; i < row.Values.Length; i++)
        {
            Write(json, row.Table.Columns[i].Kind, row.Values[i]);
        }

        json.WriteEndArray();
    }

    public static string Of(PortableRow row)
    {
        var text = new ArrayBufferWriter<byte>();
        Write(text, row);
        return System.Text.Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <exception cref="FormatException">It is no row of the table.</exception>
    public static PortableRow Read(PortableTable table, JsonElement json)
    {
        if (json.GetArrayLength() != table.Columns.Length)
        {
            throw new FormatException($"A row of {table.Name} has {json.GetArrayLength()} columns instead of {table.Columns.Length}.");
        }

        var values = new object?[table.Columns.Length];
        var i = 0;
        foreach (var value in json.EnumerateArray())
        {
            values[i] = value.ValueKind == JsonValueKind.Null ? null : Read(table.Columns[i].Kind, value);
            i++;
        }

        return new(table, values);
    }

    /// <summary>Attributes with their names sorted, whatever order a storage keeps them in.</summary>
    public static string Sorted(string attributes)
    {
        using var read = JsonDocument.Parse(attributes);
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Readable))
        {
            json.WriteStartObject();
            foreach (var pair in read.RootElement.EnumerateObject().OrderBy(static pair => pair.Name, StringComparer.Ordinal))
            {
                json.WriteString(pair.Name, pair.Value.GetString());
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(text.WrittenSpan);
    }

    public static ImmutableArray<Grant> Grants(JsonElement json) =>
        [.. json.EnumerateArray().Select(static grant => new Grant(IpAddress.Parse(grant[0].GetString()!), grant[1].GetInt64()))];

    private static void Write(Utf8JsonWriter json, ColumnKind kind, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string attributes when kind == ColumnKind.Attributes:
                json.WriteRawValue(attributes);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case DateTimeOffset time:
                json.WriteStringValue(time.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture));
                break;
            case Guid commit:
                json.WriteStringValue(commit);
                break;
            case ImmutableArray<Grant> grants:
                Write(json, grants);
                break;
            default:
                throw new InvalidOperationException($"{value.GetType().Name} has no place in a row.");
        }
    }

    private static void Write(Utf8JsonWriter json, ImmutableArray<Grant> grants)
    {
        json.WriteStartArray();
        foreach (var grant in grants)
        {
            json.WriteStartArray();
            json.WriteStringValue(grant.Ip.ToString());
            json.WriteNumberValue(grant.Generation);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static object Read(ColumnKind kind, JsonElement json) => kind switch
    {
        ColumnKind.Text or ColumnKind.Json => json.GetString()!,
        ColumnKind.Number or ColumnKind.SmallNumber => json.GetInt64(),
        ColumnKind.Time => DateTimeOffset.ParseExact(json.GetString()!, Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        ColumnKind.Commit => json.GetGuid(),
        ColumnKind.Address => IpAddress.Parse(json.GetString()!).ToString(),
        ColumnKind.Range => Cidr.Parse(json.GetString()!).ToString(),
        ColumnKind.Attributes => Sorted(json.GetRawText()),
        ColumnKind.Grants => Grants(json),
        _ => throw new InvalidOperationException($"{kind} is read nowhere."),
    };
}
