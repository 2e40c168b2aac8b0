using System.Collections.Immutable;
using System.Text.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Client.Json;

/// <summary>Reads the bodies that come most in one pass, as long as there is nothing to object to and nothing unusual in them.</summary>
/// <param name="utf8">The body.</param>
/// <returns>What <see cref="RequestBody"/> would read; null when that should have a look, be it to read it or to say what is wrong.</returns>
public delegate T? QuickReader<out T>(ReadOnlySpan<byte> utf8)
    where T : class;

/// <summary>The readers. They never say no: whatever they do not take is read again, strictly.</summary>
public static class QuickBody
{
    /// <summary>An assignment; whoever names no count of either family asks for one IPv4 address.</summary>
    public static AssignRequest? Assign(ReadOnlySpan<byte> utf8) => Guarded(utf8, static (ref Utf8JsonReader json) => ReadAssign(ref json));

    /// <summary>A release by handle.</summary>
    public static ReleaseHandleRequest? ReleaseHandle(ReadOnlySpan<byte> utf8) => Guarded(utf8, static (ref Utf8JsonReader json) => ReadReleaseHandle(ref json));

    private delegate T? Reading<T>(ref Utf8JsonReader json);

    private static T? Guarded<T>(ReadOnlySpan<byte> utf8, Reading<T> read)
        where T : class
    {
        try
        {
            var json = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = RequestBody.MaxDepth });
            return json.Read() && json.TokenType == JsonTokenType.StartObject && read(ref json) is { } request && !json.Read() ? request : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static AssignRequest? ReadAssign(ref Utf8JsonReader json)
    {
        var (request, given) = (new AssignRequest(), 0);
        string? host = null, handle = null, id = null, use = request.Use;
        int ipv4 = 0, ipv6 = 0, maxBlocks = 0, maxPerHandle = 0;
        ImmutableArray<string> pools4 = [], pools6 = [];
        DateTimeOffset? issued = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field =
                json.ValueTextEquals("host"u8) ? Text(ref json, 1, out host)
                : json.ValueTextEquals("handle"u8) ? Text(ref json, 2, out handle)
                : json.ValueTextEquals("ipv4"u8) ? Number(ref json, 4, out ipv4)
                : json.ValueTextEquals("ipv6"u8) ? Number(ref json, 8, out ipv6)
                : json.ValueTextEquals("ipv4Pools"u8) ? Texts(ref json, 16, out pools4)
                : json.ValueTextEquals("ipv6Pools"u8) ? Texts(ref json, 32, out pools6)
                : json.ValueTextEquals("requestId"u8) ? Text(ref json, 64, out id)
                : json.ValueTextEquals("issuedAt"u8) ? Time(ref json, 128, out issued)
                : json.ValueTextEquals("maxBlocks"u8) ? Number(ref json, 256, out maxBlocks)
                : json.ValueTextEquals("maxPerHandle"u8) ? Number(ref json, 512, out maxPerHandle)
                : json.ValueTextEquals("use"u8) ? Text(ref json, 1024, out use)
                : 0;
            if (field == 0 || (given & field) != 0)
            {
                return null;
            }

            given |= field;
        }

        return request with
        {
            Host = host,
            Handle = handle,
            Ipv4 = (given & (4 | 8)) == 0 ? 1 : ipv4,
            Ipv6 = ipv6,
            Ipv4Pools = pools4,
            Ipv6Pools = pools6,
            RequestId = id,
            IssuedAt = issued,
            MaxBlocks = maxBlocks,
            MaxPerHandle = maxPerHandle,
            Use = use,
        };
    }

    private static ReleaseHandleRequest? ReadReleaseHandle(ref Utf8JsonReader json)
    {
        string? host = null, handle = null;
        DateTimeOffset? issued = null;
        var (final, given) = (false, 0);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field =
                json.ValueTextEquals("handle"u8) ? Text(ref json, 1, out handle)
                : json.ValueTextEquals("host"u8) ? Text(ref json, 2, out host)
                : json.ValueTextEquals("final"u8) ? Truth(ref json, 4, out final)
                : json.ValueTextEquals("issuedAt"u8) ? Time(ref json, 8, out issued)
                : 0;
            if (field == 0 || (given & field) != 0)
            {
                return null;
            }

            given |= field;
        }

        return new() { Handle = handle, Host = host, Final = final, IssuedAt = issued };
    }

    /// <returns>The field's bit, or 0 when its value is another one than expected.</returns>
    private static int Text(ref Utf8JsonReader json, int bit, out string? text)
    {
        text = json.Read() && json.TokenType == JsonTokenType.String ? json.GetString() : null;
        return text is null ? 0 : bit;
    }

    private static int Number(ref Utf8JsonReader json, int bit, out int number)
    {
        number = 0;
        return json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetInt32(out number) ? bit : 0;
    }

    private static int Truth(ref Utf8JsonReader json, int bit, out bool truth)
    {
        truth = json.Read() && json.TokenType == JsonTokenType.True;
        return json.TokenType is JsonTokenType.True or JsonTokenType.False ? bit : 0;
    }

    private static int Time(ref Utf8JsonReader json, int bit, out DateTimeOffset? time)
    {
        time = json.Read() && json.TokenType == JsonTokenType.String && json.TryGetDateTimeOffset(out var read) ? read : null;
        return time is null ? 0 : bit;
    }

    private static int Texts(ref Utf8JsonReader json, int bit, out ImmutableArray<string> texts)
    {
        texts = [];
        if (!json.Read() || json.TokenType != JsonTokenType.StartArray)
        {
            return 0;
        }

        var read = ImmutableArray.CreateBuilder<string>(1);
        while (json.Read() && json.TokenType == JsonTokenType.String)
        {
            read.Add(json.GetString()!);
        }

        texts = read.DrainToImmutable();
        return json.TokenType == JsonTokenType.EndArray ? bit : 0;
    }
}
