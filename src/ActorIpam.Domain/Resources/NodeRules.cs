using System.Globalization;
using System.Text.RegularExpressions;
using ActorIpam.Domain.Addressing;

namespace ActorIpam.Domain.Resources;

/// <summary>The rules of a node as given (semantics.md §2.5).</summary>
internal static partial class NodeRules
{
    public static void Check(NodeSpec spec, Findings found)
    {
        if (spec.Bgp is { } bgp)
        {
            CheckBgp(bgp, found);
        }

        found.CheckAddress("spec.ipv4VXLANTunnelAddr", spec.Ipv4VxlanTunnelAddr, IpFamily.V4);
        found.CheckAddress("spec.ipv6VXLANTunnelAddr", spec.Ipv6VxlanTunnelAddr, IpFamily.V6);
        if (!string.IsNullOrEmpty(spec.VxlanTunnelMacAddr) && !Mac().IsMatch(spec.VxlanTunnelMacAddr))
        {
            found.Add(RefusalCode.Invalid, "spec.vxlanTunnelMACAddr", $"must be a MAC address such as 66:3e:ca:a4:db:65, not '{spec.VxlanTunnelMacAddr}'");
        }

        CheckAddresses(spec, found);
    }

    private static void CheckBgp(NodeBgp bgp, Findings found)
    {
        string?[] parts = [bgp.Ipv4Address, bgp.Ipv6Address, bgp.Ipv4IpipTunnelAddr, bgp.AsNumber, bgp.RouteReflectorClusterId];
        if (parts.All(string.IsNullOrEmpty))
        {
            found.Add(RefusalCode.BgpEmpty, "spec.bgp", "must name at least one thing, or be left out");
        }

        found.CheckAddressWithPrefix("spec.bgp.ipv4Address", bgp.Ipv4Address, IpFamily.V4);
        found.CheckAddressWithPrefix("spec.bgp.ipv6Address", bgp.Ipv6Address, IpFamily.V6);
        found.CheckAddress("spec.bgp.ipv4IPIPTunnelAddr", bgp.Ipv4IpipTunnelAddr, IpFamily.V4);
        found.CheckAddress("spec.bgp.routeReflectorClusterID", bgp.RouteReflectorClusterId, IpFamily.V4);
        if (!string.IsNullOrEmpty(bgp.AsNumber) && !IsAsNumber(bgp.AsNumber))
        {
            found.Add(RefusalCode.Invalid, "spec.bgp.asNumber", $"must be an AS number, 0 to 4294967295 or two dotted numbers up to 65535, not '{bgp.AsNumber}'");
        }
    }

    private static void CheckAddresses(NodeSpec spec, Findings found)
    {
        var addresses = spec.Addresses.IsDefault ? [] : spec.Addresses;
        for (var i = 0; i < addresses.Length; i++)
        {
            var field = $"spec.addresses[{i}]";
            if (!IpAddress.TryParse(addresses[i].Address, out _))
            {
                found.Add(RefusalCode.BadIp, $"{field}.address", $"must be an address, not '{addresses[i].Address}'");
            }

            if (addresses[i].Type is not ("CalicoNodeIP" or "InternalIP" or "ExternalIP"))
            {
                found.Add(RefusalCode.Enum, $"{field}.type", $"must be CalicoNodeIP, InternalIP or ExternalIP, not '{addresses[i].Type}'");
            }
        }
    }

    private static bool IsAsNumber(string text)
    {
        var parts = text.Split('.');
        return parts.Length switch
        {
            1 => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            2 => parts.All(part => ushort.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)),
            _ => false,
        };
    }

    [GeneratedRegex(@"\A[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Mac();
}
