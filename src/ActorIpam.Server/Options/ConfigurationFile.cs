using System.Text.Json;

namespace ActorIpam.Server.Options;

/// <summary>The file of <c>--config</c>: one JSON object of texts and numbers, named as the options are.</summary>
internal static class ConfigurationFile
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    /// <exception cref="BadOptionException">It cannot be read, or holds something else than known settings.</exception>
    public static IReadOnlyDictionary<string, string> Read(string? path)
    {
        if (path is null)
        {
            return new Dictionary<string, string>();
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => TextOf(path, member))
                : throw new BadOptionException($"{path}: a JSON object of settings is expected.");
        }
        catch (JsonException e)
        {
            throw new BadOptionException($"{path}:{e.LineNumber + 1}:{e.BytePositionInLine + 1}: this is not JSON.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadOptionException($"--config: {e.Message}");
        }
    }

    private static string TextOf(string path, JsonProperty member)
    {
        if (KnownOption.All.All(o => o.Name != member.Name))
        {
            throw new BadOptionException($"{path}: there is no setting '{member.Name}'.");
        }

        return member.Value.ValueKind switch
        {
            JsonValueKind.String => member.Value.GetString()!,
            JsonValueKind.Number => member.Value.GetRawText(),
            _ => throw new BadOptionException($"{path}: '{member.Name}' must be a text or a number."),
        };
    }
}
