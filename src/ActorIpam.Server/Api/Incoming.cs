using System.Buffers;
using System.Collections.Immutable;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;
using Microsoft.Net.Http.Headers;

namespace ActorIpam.Server.Api;

/// <summary>Reads what a caller sent: bounded, of a known type, and nothing that would be ignored.</summary>
internal static class Incoming
{
    /// <summary>The media type of the body, in lower case and without parameters; empty when none was named.</summary>
    public static string MediaType(this HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? type.MediaType.ToString().ToLowerInvariant() : request.ContentType ?? "";

    /// <summary>Refuses a body of another type than these; also an unnamed one, which a web page of anybody could send without asking.</summary>
    public static Status? WrongType(this HttpRequest request, params ImmutableArray<string> expected)
    {
        var given = request.MediaType();
        return expected.Contains(given)
            ? null
            : RefusalStatus.Of(415, $"{(given.Length == 0 ? "No Content-Type is given" : $"The Content-Type '{given}' is not read here")}; send {string.Join(" or ", expected)}.");
    }

    /// <summary>The whole body.</summary>
    public static async ValueTask<Received<ReadOnlyMemory<byte>>> BodyAsync(this HttpRequest request, int limit)
    {
        if (request.ContentLength > limit)
        {
            return TooLarge(limit);
        }

        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (read.Buffer.Length > limit)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return TooLarge(limit);
            }

            if (read.IsCompleted)
            {
                ReadOnlyMemory<byte> body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Refuses query parameters that are not known, and known ones that are given twice.</summary>
    public static Status? UnknownParameter(this HttpRequest request, params ImmutableArray<string> known)
    {
        foreach (var (name, values) in request.Query)
        {
            if (!known.Contains(name))
            {
                return RefusalStatus.Of(new Refusal(RefusalCode.UnknownField, $"The query parameter '{name}' is not known here.", name));
            }

            if (values.Count > 1)
            {
                return RefusalStatus.Of(new Refusal(RefusalCode.Malformed, $"The query parameter '{name}' is given more than once.", name));
            }
        }

        return null;
    }

    /// <summary>The text of a query parameter; null when it is missing or empty.</summary>
    public static string? Parameter(this HttpRequest request, string name) =>
        request.Query[name] is [{ Length: > 0 } text] ? text : null;

    /// <summary>A query parameter that is true or false; null when it is missing.</summary>
    public static Received<bool?> Flag(this HttpRequest request, string name) => request.Query[name] switch
    {
        [] => (bool?)null,
        ["true"] => true,
        ["false"] => false,
        _ => RefusalStatus.Of(new Refusal(RefusalCode.WrongType, $"{name} must be true or false.", name)),
    };

    private static Status TooLarge(int limit) => RefusalStatus.Of(413, $"The body has more than {limit / 1024} KiB.");
}
