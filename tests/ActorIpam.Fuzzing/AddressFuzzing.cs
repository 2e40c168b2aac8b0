using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ActorIpam.Domain.Addressing;
using Shouldly;
using Xunit;

namespace ActorIpam.Fuzzing;

/// <summary>Addresses and ranges: what is read is what the platform's own reader says, and its text reads back as the same.</summary>
public sealed class AddressFuzzing
{
    [Fact]
    public void Addresses_agree_with_the_platform_and_print_what_they_read() => Fuzz.Play(
        chance => Damaged(Address(chance), chance),
        text =>
        {
            if (!IpAddress.TryParse(text, out var ip))
            {
                return false;
            }

            Platform(ip.ToString()).ShouldBe(Platform(text), text);
            IpAddress.Parse(ip.ToString()).ShouldBe(ip);
            return true;
        });

    [Fact]
    public void Ranges_agree_with_the_platform_and_print_what_they_read() => Fuzz.Play(
        chance => Damaged($"{Address(chance)}/{chance.Below(chance.Percent(80) ? 33 : 140).ToString(CultureInfo.InvariantCulture)}", chance),
        text =>
        {
            if (!Cidr.TryParse(text, out var cidr, out var written))
            {
                return false;
            }

            Cidr.Parse(cidr.ToString()).ShouldBe(cidr);
            cidr.Contains(written).ShouldBeTrue();
            var platform = IPNetwork.Parse(cidr.ToString());
            (platform.BaseAddress.ToString(), platform.PrefixLength).ShouldBe((Platform(cidr.First.ToString()), cidr.Length));
            foreach (var ip in (IpAddress[])[cidr.First, cidr.Last, written, .. Beside(cidr)])
            {
                // The platform takes ::ffff:1.2.3.4 for the IPv4 address in it; here it is an IPv6 address like any other.
                var address = IPAddress.Parse(ip.ToString());
                (cidr.Contains(ip) == platform.Contains(address) || address.IsIPv4MappedToIPv6).ShouldBeTrue($"{cidr} and {ip}");
            }

            return true;
        });

    /// <remarks>What the platform takes and we refuse is our rule: zone ids, ports, one- to three-part forms, octal. What we take it must take.</remarks>
    private static string Platform(string text)
    {
        IPAddress.TryParse(text, out var address).ShouldBeTrue(text);
        return (address!.IsIPv4MappedToIPv6 && address.AddressFamily == AddressFamily.InterNetworkV6 ? address.MapToIPv4() : address).ToString();
    }

    private static IEnumerable<IpAddress> Beside(Cidr cidr)
    {
        if (cidr.First.Value > 0)
        {
            yield return new(cidr.Family, cidr.First.Value - 1);
        }

        if (cidr.Last.Value < (cidr.Family == IpFamily.V4 ? uint.MaxValue : UInt128.MaxValue))
        {
            yield return new(cidr.Family, cidr.Last.Value + 1);
        }
    }

    private static string Damaged(string text, Chance chance) => chance.Percent(60) ? Damage.Of(text, chance) : text;

    private static string Address(Chance chance) => chance.Below(5) switch
    {
        < 2 => new IPAddress(BitConverter.GetBytes((uint)chance.Number(32))).ToString(),
        2 => string.Join(':', Enumerable.Range(0, 8).Select(_ => ((int)chance.Number(16)).ToString(chance.Of("x", "X", "x4"), CultureInfo.InvariantCulture))),
        3 => $"{string.Join(':', chance.Some(3, () => ((int)chance.Number(16)).ToString("x", CultureInfo.InvariantCulture)))}::{string.Join(':', chance.Some(3, () => ((int)chance.Number(8)).ToString("x", CultureInfo.InvariantCulture)))}",
        _ => $"{chance.Of("::", "::ffff:", "64:ff9b::", "1:2:3:4:5:6:")}{chance.Below(256)}.{chance.Below(256)}.{chance.Below(300)}.{chance.Below(256)}",
    };
}
