using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ActorIpam.Client.Json;

namespace ActorIpam.Client.Http;

/// <summary>Records into calls and answers into records.</summary>
internal static class Posting
{
    public static ApiCall Of<T>(string path, T request, JsonTypeInfo<T> shape, bool repeatable) =>
        new(HttpMethod.Post, path) { Body = JsonSerializer.Serialize(request, shape), Repeatable = repeatable };

    /// <exception cref="ApiException">The answer is not what this client understands.</exception>
    public static T Read<T>(ApiAnswer answer, JsonTypeInfo<T> shape)
    {
        try
        {
            return JsonSerializer.Deserialize(answer.Body, shape) ?? throw new JsonException("null");
        }
        catch (JsonException)
        {
            throw NotUnderstood(answer);
        }
    }

    /// <summary>Like <see cref="Read{T}(ApiAnswer, JsonTypeInfo{T})"/>; what the member leaves out keeps the record's default.</summary>
    public static T ReadDefaulted<T>(ApiAnswer answer, JsonTypeInfo<T> shape)
        where T : class, new()
    {
        try
        {
            using var body = JsonDocument.Parse(answer.Body);
            return body.RootElement.ValueKind == JsonValueKind.Object ? Defaulted.Read(body.RootElement, shape) : throw NotUnderstood(answer);
        }
        catch (JsonException)
        {
            throw NotUnderstood(answer);
        }
    }

    public static ApiException NotUnderstood(ApiAnswer answer, string? why = null) =>
        new(Answers.RefusalStatus.Of(502, $"{answer.From} answered {answer.Code} with something else than expected; is it ipamd of this version?{(why is null ? "" : " " + why)}"));
}

/// <summary>The query part of a URL.</summary>
internal static class UrlQuery
{
    /// <summary><c>?a=b&amp;c=d</c> of the pairs that have a value; empty when none has.</summary>
    public static string Of(params ReadOnlySpan<(string Name, string? Value)> pairs)
    {
        var given = new List<string>();
        foreach (var (name, value) in pairs)
        {
            if (value is not null)
            {
                given.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }

        return given.Count == 0 ? "" : "?" + string.Join('&', given);
    }
}
