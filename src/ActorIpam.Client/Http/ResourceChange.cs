using System.Globalization;
using System.Text.Json;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Client.Http;

/// <summary>What a watch says has happened (api.md §2).</summary>
public enum ChangeType
{
    Added,
    Modified,
    Deleted,

    /// <summary>Nothing: only the version up to which everything has been said.</summary>
    Bookmark,
}

/// <summary>One line of a watch.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Resource">The resource as it is now, or as it was last; null for a bookmark.</param>
/// <param name="Version">Where to go on from when the watch ends.</param>
public sealed record ResourceChange(ChangeType Type, Resource? Resource, long? Version)
{
    /// <summary>The next line; null when the member closes the watch or falls silent, for the caller goes on where it was either way.</summary>
    internal static async Task<string?> NextLineAsync(StreamReader lines, CancellationToken cancellation)
    {
        try
        {
            return await lines.ReadLineAsync(cancellation);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return null;
        }
    }

    /// <exception cref="ApiException">The line is an ERROR, or none of a watch.</exception>
    internal static ResourceChange Read(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var (type, body) = (json.RootElement.GetProperty("type").GetString(), json.RootElement.GetProperty("object"));
            if (type == "ERROR")
            {
                throw new ApiException(body.Deserialize(ApiJson.Default.Status) ?? throw new JsonException("null"));
            }

            var change = Enum.Parse<ChangeType>(type ?? "", ignoreCase: true);
            var version = body.GetProperty("metadata").TryGetProperty("resourceVersion", out var text) ? text.GetString() : null;
            var read = change == ChangeType.Bookmark ? null : ReadResource(body);
            return new(change, read, long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw NotUnderstood(line);
        }
    }

    private static Resource ReadResource(JsonElement body)
    {
        var read = ResourceJson.Read(body);
        return read.IsRefused ? throw new JsonException(read.Refusals[0].Message) : read.Value;
    }

    private static ApiException NotUnderstood(string line) =>
        new(RefusalStatus.Of(502, $"The watch said something else than expected: {(line.Length > 200 ? line[..200] + "…" : line)}"));
}
