using System.Text;
using System.Text.Json;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;

namespace ActorIpam.Client.Http;

/// <summary>Reads the Status out of a failed answer; what is none (a proxy's page, an empty body) becomes one that says so.</summary>
internal static class FailedAnswer
{
    private const int ShownCharacters = 200;

    public static Status StatusOf(ApiAnswer answer)
    {
        try
        {
            if (JsonSerializer.Deserialize(answer.Body, ApiJson.Default.Status) is { Kind: "Status", Message.Length: > 0 } status)
            {
                return status with { Code = answer.Code };
            }
        }
        catch (JsonException)
        {
            // Not a Status: shown as what it is, below.
        }

        return RefusalStatus.Of(answer.Code, $"{answer.From} answered {answer.Code}{Shown(answer.Body)}");
    }

    private static string Shown(byte[] body)
    {
        var text = string.Join(' ', Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 4 * ShownCharacters))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length switch
        {
            0 => ".",
            > ShownCharacters => $": {text[..ShownCharacters]}…",
            _ => $": {text}",
        };
    }
}
