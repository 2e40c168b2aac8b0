using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace ActorIpam.Domain.Addressing;

/// <summary>One IPv4 or IPv6 address. Ordered by family, then by number. The text is canonical (RFC 5952).</summary>
/// <param name="Family">The family.</param>
/// <param name="Value">The address as a number, 0 to 2^32 − 1 or 2^128 − 1.</param>
public readonly record struct IpAddress(IpFamily Family, UInt128 Value) : IComparable<IpAddress>
{
    /// <summary>Parses the usual text forms. Leading zeros in an octet, zones, blanks, brackets and IPv4-mapped IPv6 are refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out IpAddress address)
    {
        address = default;
        if (string.IsNullOrEmpty(text) || text.Length > 45)
        {
            return false;
        }

        return text.Contains(':', StringComparison.Ordinal) ? TryParseV6(text, out address) : TryParseV4(text, out address);
    }

    /// <exception cref="FormatException">The text is not an address.</exception>
    public static IpAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address.");

    /// <exception cref="OverflowException">The sum leaves the family.</exception>
    public IpAddress Plus(UInt128 offset)
    {
        var sum = checked(Value + offset);
        return Family == IpFamily.V4 && sum > uint.MaxValue
            ? throw new OverflowException($"{this} + {offset} is no IPv4 address.")
            : new(Family, sum);
    }

    public int CompareTo(IpAddress other) => Family == other.Family ? Value.CompareTo(other.Value) : Family.CompareTo(other.Family);

    public override string ToString()
    {
        if (Family == IpFamily.V4)
        {
            var v = (uint)Value;
            return string.Create(null, stackalloc char[16], $"{v >> 24}.{(v >> 16) & 255}.{(v >> 8) & 255}.{v & 255}");
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return new IPAddress(bytes).ToString();
    }

    public static bool operator <(IpAddress left, IpAddress right) => left.CompareTo(right) < 0;

    public static bool operator >(IpAddress left, IpAddress right) => left.CompareTo(right) > 0;

    public static bool operator <=(IpAddress left, IpAddress right) => left.CompareTo(right) <= 0;

    public static bool operator >=(IpAddress left, IpAddress right) => left.CompareTo(right) >= 0;

    private static bool TryParseV4(string text, out IpAddress address)
    {
        address = default;
        uint value = 0;
        var octets = 0;
        foreach (var part in text.AsSpan().Split('.'))
        {
            var digits = text.AsSpan(part);
            if (++octets > 4 || digits.Length is 0 or > 3 || (digits.Length > 1 && digits[0] == '0') || digits.ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            var octet = uint.Parse(digits, provider: null);
            if (octet > 255)
            {
                return false;
            }

            value = (value << 8) | octet;
        }

        address = new(IpFamily.V4, value);
        return octets == 4;
    }

    private static bool TryParseV6(string text, out IpAddress address)
    {
        address = default;
        if (text.AsSpan().ContainsAny("%[]/ ") || !IPAddress.TryParse(text, out var parsed)
            || parsed.AddressFamily != AddressFamily.InterNetworkV6 || parsed.IsIPv4MappedToIPv6)
        {
            return false;
        }

        // The last 32 bits may be dotted; their octets obey the same rule as those of IPv4.
        if (text.Contains('.', StringComparison.Ordinal) && !TryParseV4(text[(text.LastIndexOf(':') + 1)..], out _))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out _);
        address = new(IpFamily.V6, BinaryPrimitives.ReadUInt128BigEndian(bytes));
        return true;
    }
}
