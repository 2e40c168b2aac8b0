using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ActorIpam.Domain.Addressing;

/// <summary>A range of addresses with a common prefix. Host bits are always zero.</summary>
/// <remarks>Ordered by first address, then by prefix length. <c>default</c> is not a value to work with.</remarks>
public readonly record struct Cidr : IComparable<Cidr>
{
    /// <param name="first">The first address; host bits must be zero.</param>
    /// <param name="length">The prefix length, 0 to 32 or 128.</param>
    /// <exception cref="ArgumentException">The length is out of range or host bits are set.</exception>
    public Cidr(IpAddress first, int length)
    {
        if (length < 0 || length > first.Family.Bits())
        {
            throw new ArgumentException($"A prefix length of {length} does not fit {first.Family}.", nameof(length));
        }

        if ((first.Value & HostMask(first.Family, length)) != 0)
        {
            throw new ArgumentException($"{first}/{length} has host bits set.", nameof(first));
        }

        First = first;
        Length = length;
    }

    public IpAddress First { get; }

    /// <summary>The prefix length.</summary>
    public int Length { get; }

    public IpFamily Family => First.Family;

    public IpAddress Last => new(Family, First.Value | HostMask(Family, Length));

    /// <summary>The number of addresses, saturated at 2^128 − 1 for ::/0.</summary>
    public UInt128 Size => Family.Bits() - Length == 128 ? UInt128.MaxValue : UInt128.One << (Family.Bits() - Length);

    /// <summary>The range of this length that holds the address.</summary>
    public static Cidr Containing(IpAddress address, int length) =>
        new(new(address.Family, address.Value & ~HostMask(address.Family, length)), length);

    /// <summary>The range of one address.</summary>
    public static Cidr Of(IpAddress address) => new(address, address.Family.Bits());

    /// <summary>Parses "address/length". Host bits are masked off; see <see cref="TryParse(string?, out Cidr, out IpAddress)"/> to see them.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Cidr cidr) => TryParse(text, out cidr, out _);

    /// <summary>Parses "address/length" and gives the address as written, host bits included.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Cidr cidr, out IpAddress written)
    {
        cidr = default;
        written = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0 || !IpAddress.TryParse(text![..slash], out written) || !TryParseLength(text.AsSpan(slash + 1), written.Family, out var length))
        {
            return false;
        }

        cidr = Containing(written, length);
        return true;
    }

    /// <summary>Parses a range without host bits.</summary>
    /// <exception cref="FormatException">The text is no range, or has host bits set.</exception>
    public static Cidr Parse(string text) =>
        TryParse(text, out var cidr, out var written) && written == cidr.First
            ? cidr
            : throw new FormatException($"'{text}' is not a CIDR without host bits.");

    public bool Contains(IpAddress address) =>
        address.Family == Family && (address.Value & ~HostMask(Family, Length)) == First.Value;

    public bool Contains(Cidr other) => other.Length >= Length && Contains(other.First);

    public bool Overlaps(Cidr other) => Contains(other) || other.Contains(this);

    public int CompareTo(Cidr other)
    {
        var byFirst = First.CompareTo(other.First);
        return byFirst != 0 ? byFirst : Length.CompareTo(other.Length);
    }

    public override string ToString() => $"{First}/{Length.ToString(CultureInfo.InvariantCulture)}";

    public static bool operator <(Cidr left, Cidr right) => left.CompareTo(right) < 0;

    public static bool operator >(Cidr left, Cidr right) => left.CompareTo(right) > 0;

    public static bool operator <=(Cidr left, Cidr right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Cidr left, Cidr right) => left.CompareTo(right) >= 0;

    private static UInt128 HostMask(IpFamily family, int length)
    {
        var hostBits = family.Bits() - length;
        return hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1;
    }

    private static bool TryParseLength(ReadOnlySpan<char> text, IpFamily family, out int length)
    {
        length = 0;
        return text.Length is > 0 and <= 3
            && !text.ContainsAnyExceptInRange('0', '9')
            && (text.Length == 1 || text[0] != '0')
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length)
            && length <= family.Bits();
    }
}
