using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ActorIpam.Storage.Portable;

/// <summary>The first line of a backup: what it is, so that it can be read by whoever finds it.</summary>
/// <param name="From">The kind of storage it was taken from.</param>
/// <param name="TakenAt">The instant all of it is of.</param>
internal sealed record BackupHeader(string From, DateTimeOffset TakenAt)
{
    private const string Format = "actor-ipam-backup";
    private const int Version = 1;

    public string Write() => new JsonObject
    {
        ["format"] = Format,
        ["version"] = Version,
        ["from"] = From,
        ["takenAt"] = TakenAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["tables"] = new JsonObject(PortableTable.All.Select(static table =>
            KeyValuePair.Create(table.Name, (JsonNode?)new JsonArray([.. table.Columns.Select(static column => JsonValue.Create(column.Name))])))),
    }.ToJsonString();

    /// <exception cref="FormatException">It is no backup, or one with other tables than this release has.</exception>
    public static BackupHeader Read(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object || !line.TryGetProperty("format", out var format) || format.GetString() != Format)
        {
            throw new FormatException("it is no backup of ActorIpam");
        }

        if (line.GetProperty("version").GetInt32() is var version && version != Version)
        {
            throw new FormatException($"it has format {version}, and this release reads format {Version}: use the release that wrote it");
        }

        var tables = line.GetProperty("tables");
        foreach (var table in PortableTable.All)
        {
            if (!tables.TryGetProperty(table.Name, out var columns) || !columns.EnumerateArray().Select(static column => column.GetString()).SequenceEqual(table.Columns.Select(static column => column.Name)))
            {
                throw new FormatException($"its table {table.Name} is not that of this release: use the release that wrote it");
            }
        }

        return new(line.GetProperty("from").GetString()!, line.GetProperty("takenAt").GetDateTimeOffset());
    }
}
