using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage.Sqlite;

/// <summary>Domain values as columns and back. An address is its family (4 or 6) and its bytes, a range that and its length: they sort as in the domain.</summary>
internal static class SqliteKeys
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Key(this IpAddress ip)
    {
        var key = new byte[LengthOf(ip.Family)];
        Write(ip, key);
        return key;
    }

    public static byte[] Key(this Cidr cidr) => KeyAt(cidr.First, (byte)cidr.Length);

    /// <summary>Sorts before every range that starts at this address.</summary>
    public static byte[] KeyBefore(this IpAddress first) => KeyAt(first, 0);

    /// <summary>Sorts behind every range that starts at this address.</summary>
    public static byte[] KeyBehind(this IpAddress first) => KeyAt(first, byte.MaxValue);

    public static IpAddress ToIp(ReadOnlySpan<byte> key) => key[0] == (byte)IpFamily.V4
        ? new(IpFamily.V4, BinaryPrimitives.ReadUInt32BigEndian(key[1..]))
        : new(IpFamily.V6, BinaryPrimitives.ReadUInt128BigEndian(key[1..]));

    public static Cidr ToCidr(ReadOnlySpan<byte> key) => new(ToIp(key[..^1]), key[^1]);

    public static byte[] Key(this CommitId commit) => commit.Value.ToByteArray(bigEndian: true);

    public static CommitId ToCommit(ReadOnlySpan<byte> key) => new(new(key, bigEndian: true));

    public static DateTimeOffset ToTime(long ticks) => new(ticks, TimeSpan.Zero);

    public static DateTimeOffset? ToTime(long? ticks) => ticks is { } at ? ToTime(at) : null;

    /// <summary>Each grant as the address's key and eight bytes of generation.</summary>
    public static byte[] Pack(ImmutableArray<Grant> grants)
    {
        var packed = new byte[grants.Sum(grant => LengthOf(grant.Ip.Family) + sizeof(long))];
        var rest = packed.AsSpan();
        foreach (var grant in grants)
        {
            var length = LengthOf(grant.Ip.Family);
            Write(grant.Ip, rest);
            BinaryPrimitives.WriteInt64BigEndian(rest[length..], grant.Generation);
            rest = rest[(length + sizeof(long))..];
        }

        return packed;
    }

    public static ImmutableArray<Grant> UnpackGrants(ReadOnlySpan<byte> packed)
    {
        var grants = ImmutableArray.CreateBuilder<Grant>();
        while (!packed.IsEmpty)
        {
            var length = LengthOf((IpFamily)packed[0]);
            grants.Add(new(ToIp(packed[..length]), BinaryPrimitives.ReadInt64BigEndian(packed[length..])));
            packed = packed[(length + sizeof(long))..];
        }

        return grants.ToImmutable();
    }

    /// <summary>Stands in place of attributes that were blanked.</summary>
    public const string Redacted = "";

    /// <summary>JSON, or null for none: most addresses of plain hosts have none.</summary>
    public static string? Pack(ImmutableSortedDictionary<string, string> attributes) =>
        attributes.IsEmpty ? null : JsonSerializer.Serialize(attributes, Readable);

    public static ImmutableSortedDictionary<string, string> UnpackAttributes(string? packed) => packed is null or Redacted
        ? ImmutableSortedDictionary<string, string>.Empty
        : JsonSerializer.Deserialize<Dictionary<string, string>>(packed, Readable)!.ToImmutableSortedDictionary();

    private static int LengthOf(IpFamily family) => 1 + (family.Bits() / 8);

    private static byte[] KeyAt(IpAddress first, byte length)
    {
        var key = new byte[LengthOf(first.Family) + 1];
        Write(first, key);
        key[^1] = length;
        return key;
    }

    private static void Write(IpAddress ip, Span<byte> key)
    {
        key[0] = (byte)ip.Family;
        if (ip.Family == IpFamily.V4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(key[1..], (uint)ip.Value);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(key[1..], ip.Value);
        }
    }
}
