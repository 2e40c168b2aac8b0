using ActorIpam.Server.Options;

namespace ActorIpam.Server.Hosting;

/// <summary>What someone who just started a member can try next: commands that work as they stand.</summary>
internal static class NextCommands
{
    private const string Pool = """{"apiVersion":"projectcalico.org/v3","kind":"IPPool","metadata":{"name":"demo"},"spec":{"cidr":"10.10.0.0/16"}}""";

    /// <param name="url">Where the member answers.</param>
    /// <param name="hasPools">Whether something can be assigned already.</param>
    public static IEnumerable<string> For(string url, bool hasPools)
    {
        var program = File.Exists("ipamctl") ? "./ipamctl"
            : Directory.Exists("src/ActorIpam.Cli") ? "dotnet run --project src/ActorIpam.Cli --"
            : null;
        return program is null ? WithCurl(url, hasPools) : WithIpamctl(program + ServerFlag(url), hasPools);
    }

    private static string ServerFlag(string url) => url == "http://127.0.0.1:7080" ? "" : $" --server {url}";

    private static IEnumerable<string> WithIpamctl(string program, bool hasPools)
    {
        yield return hasPools ? $"{program} get ippools" : $"echo '{Pool}' | {program} create -f -";
        yield return $"{program} ipam assign --host demo --handle first";
        yield return $"{program} ipam show --show-blocks";
    }

    private static IEnumerable<string> WithCurl(string url, bool hasPools)
    {
        var pools = $"{url}/apis/projectcalico.org/v3/ippools";
        yield return hasPools ? $"curl -s {pools}" : $"curl -s -H 'Content-Type: application/json' -d '{Pool}' {pools}";
        yield return $"curl -s -H 'Content-Type: application/json' -d '{{\"host\":\"demo\",\"handle\":\"first\",\"ipv4\":1}}' {url}/ipam/v1/assign";
        yield return $"curl -s '{url}/ipam/v1/utilization?blocks=true'";
    }
}
