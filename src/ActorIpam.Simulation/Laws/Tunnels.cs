using System.Text.Json;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.InMemory;

namespace ActorIpam.Simulation.Laws;

/// <summary>Tunnel addresses as the laws read them: from handles and stored bodies alone (semantics.md §8, §19).</summary>
internal static class Tunnels
{
    private static readonly string[] Prefixes = ["ipip-tunnel-addr-", "vxlan-tunnel-addr-", "vxlan-v6-tunnel-addr-"];

    public static bool IsTunnel(AddressRow row) => row.Handle is { } handle && Prefixes.Any(prefix => handle == prefix + row.Holder.Name);

    /// <summary>What the nodes name: each address with the handle that must hold it.</summary>
    public static IEnumerable<(IpAddress Ip, string Handle, string Node)> Recorded(JournalState state)
    {
        foreach (var row in state.Resources.Values.Where(row => row.Kind == "Node"))
        {
            if (!JsonDocument.Parse(row.Body).RootElement.TryGetProperty("spec", out var spec))
            {
                continue;
            }

            foreach (var (prefix, text) in Texts(spec).Where(named => named.Text is { Length: > 0 }))
            {
                yield return (IpAddress.Parse(text!), prefix + row.Name, row.Name);
            }
        }
    }

    private static IEnumerable<(string Prefix, string? Text)> Texts(JsonElement spec) =>
    [
        (Prefixes[0], spec.TryGetProperty("bgp", out var bgp) ? TextOf(bgp, "ipv4IPIPTunnelAddr") : null),
        (Prefixes[1], TextOf(spec, "ipv4VXLANTunnelAddr")),
        (Prefixes[2], TextOf(spec, "ipv6VXLANTunnelAddr")),
    ];

    private static string? TextOf(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
