using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ActorIpam.Domain;

namespace ActorIpam.Client.Json;

/// <summary>Reads the body of a request, strictly: unknown fields, fields given twice and wrong types are refused, all of them, with their paths.</summary>
public static class RequestBody
{
    /// <summary>How deep a body may nest.</summary>
    public const int MaxDepth = 32;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <param name="utf8">The body; an empty one is refused as Malformed.</param>
    /// <param name="shape">What it should be, from <see cref="ApiJson.Default"/>.</param>
    /// <param name="complete">Fills what depends on whether other fields were given; null when nothing does.</param>
    /// <param name="quick">Asked first; null when there is none. What it reads is complete.</param>
    /// <returns>The request, or Malformed, UnknownField and WrongType.</returns>
    public static Answer<T> Read<T>(ReadOnlyMemory<byte> utf8, JsonTypeInfo<T> shape, Func<T, JsonElement, T>? complete = null, QuickReader<T>? quick = null)
        where T : class, new()
    {
        if (quick?.Invoke(utf8.Span) is { } usual)
        {
            return usual;
        }

        if (utf8.IsEmpty)
        {
            return new Refusal(RefusalCode.Malformed, "The request has no body; a JSON object is expected.");
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            var read = Read(document.RootElement, shape);
            return read.IsRefused || complete is null ? read : complete(read.Value, document.RootElement);
        }
        catch (JsonException e)
        {
            return new Refusal(RefusalCode.Malformed, $"The body is not readable JSON: {e.Sentence()}");
        }
        catch (InvalidOperationException)
        {
            // The reader tells half a surrogate pair only where a text is taken out, and so.
            return new Refusal(RefusalCode.Malformed, "The body is not readable JSON: a text in it holds one half of a surrogate pair.");
        }
    }

    /// <inheritdoc cref="Read{T}(ReadOnlyMemory{byte}, JsonTypeInfo{T}, Func{T, JsonElement, T}, QuickReader{T})"/>
    public static Answer<T> Read<T>(JsonElement body, JsonTypeInfo<T> shape)
        where T : class, new()
    {
        if (body.ValueKind == JsonValueKind.Null)
        {
            return new Refusal(RefusalCode.Malformed, "The body is null; a JSON object is expected.");
        }

        var problems = ImmutableArray.CreateBuilder<Refusal>();
        BodyShape.Check(body, shape, path: "", problems);
        if (problems.Count > 0)
        {
            return problems.ToImmutable();
        }

        try
        {
            return Defaulted.Read(body, shape);
        }
        catch (JsonException e)
        {
            return new Refusal(RefusalCode.WrongType, $"The body does not fit: {e.Sentence()}", e.Path?.TrimStart('$', '.'));
        }
    }

    /// <summary>The first sentence of the reader's message; the position behind it counts bytes, which nobody looks for.</summary>
    internal static string Sentence(this JsonException e)
    {
        var end = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        end = end < 0 ? e.Message.IndexOf(" LineNumber: ", StringComparison.Ordinal) : end;
        return end < 0 ? e.Message : e.Message[..end];
    }
}
