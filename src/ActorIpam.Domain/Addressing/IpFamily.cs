namespace ActorIpam.Domain.Addressing;

/// <summary>The two families of addresses. Everything in the system is of exactly one.</summary>
public enum IpFamily
{
    V4 = 4,
    V6 = 6,
}

public static class IpFamilyFacts
{
    /// <summary>The number of bits of an address: 32 or 128.</summary>
    public static int Bits(this IpFamily family) => family == IpFamily.V4 ? 32 : 128;

    /// <summary>How people call it: IPv4 or IPv6.</summary>
    public static string Text(this IpFamily family) => family == IpFamily.V4 ? "IPv4" : "IPv6";
}
