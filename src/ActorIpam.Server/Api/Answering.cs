using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;

namespace ActorIpam.Server.Api;

/// <summary>Writes answers: JSON with its length, so that a connection can be used again.</summary>
internal static class Answering
{
    public static Task WriteAsync<T>(this HttpResponse response, int code, T answer, JsonTypeInfo<T> shape) =>
        response.WriteJsonAsync(code, JsonSerializer.SerializeToUtf8Bytes(answer, shape));

    public static Task WriteJsonAsync(this HttpResponse response, int code, ReadOnlyMemory<byte> utf8)
    {
        response.StatusCode = code;
        response.ContentType = "application/json";
        response.ContentLength = utf8.Length;
        return response.Body.WriteAsync(utf8).AsTask();
    }

    /// <summary>Says why not. A Status that may be tried again later says when, in the header too.</summary>
    public static Task WriteAsync(this HttpResponse response, Status status)
    {
        if (status.Details?.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        return response.WriteAsync(status.Code, status, ApiJson.Default.Status);
    }
}
