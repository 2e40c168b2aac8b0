using System.Globalization;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Clients;

/// <summary>How nodes reach the addresses of a pool.</summary>
public enum Tunnel
{
    None,
    Ipip,
    Vxlan,
}

/// <param name="Name">The pool's name.</param>
/// <param name="Cidr">Its range: one to four blocks, more in wide worlds.</param>
/// <param name="BlockSize">The prefix length of its blocks: one to eight addresses each in most worlds, up to 64 in some.</param>
/// <param name="Selector">Which nodes may use it; null for all.</param>
/// <param name="Tunnel">With a tunnel, each node that may use the pool keeps an address of it for its own end.</param>
public sealed record PoolPlan(string Name, string Cidr, int BlockSize, string? Selector, Tunnel Tunnel = Tunnel.None)
{
    public bool IsIpv6 => Cidr.Contains(':', StringComparison.Ordinal);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Cidr}:{BlockSize}{Selector}{(Tunnel == Tunnel.None ? "" : $" {Tunnel}")}");

    internal static PoolPlan DrawIpv6(int index, Dice dice)
    {
        var block = dice.Between(126, 128);
        var number = index.ToString(CultureInfo.InvariantCulture);
        return new($"pool-{number}", $"fd00:{number}::/{(block - dice.Between(0, 1)).ToString(CultureInfo.InvariantCulture)}", block, null, dice.Next(6) == 0 ? Tunnel.Vxlan : Tunnel.None);
    }

    internal static PoolPlan Draw(int index, Dice dice, bool tight, bool wide)
    {
        var roomy = !tight && dice.Next(8) == 0;
        var block = tight ? dice.Between(31, 32) : wide || roomy ? dice.Between(26, 29) : dice.Between(29, 31);
        var length = wide ? Math.Max(24, block - dice.Between(2, 4)) : roomy ? block - dice.Between(0, 2) : Math.Max(28, block - dice.Between(0, tight ? 1 : 2));
        var number = index.ToString(CultureInfo.InvariantCulture);
        var selector = index > 0 && dice.Next(3) == 0 ? "zone == \"a\"" : null;
        return new($"pool-{number}", $"10.{number}.0.0/{length.ToString(CultureInfo.InvariantCulture)}", block, selector, dice.Next(tight ? 40 : 16) switch { 0 => Tunnel.Ipip, 1 => Tunnel.Vxlan, _ => Tunnel.None });
    }
}
