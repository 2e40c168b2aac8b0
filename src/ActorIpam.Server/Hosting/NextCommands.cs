using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Door;

namespace ActorIpam.Server.Hosting;

/// <summary>What someone who just started a member can try next: three commands that work as they stand.</summary>
internal sealed class NextCommands
{
    private const string DefaultUrl = "http://127.0.0.1:7080";
    private const string Json = "-H 'Content-Type: application/json'";

    private static readonly IpPool DemoPool = new(new("demo"), new() { Cidr = "10.10.0.0/16" });
    private static readonly Node DemoNode = new(new("demo"), new());

    private readonly string _url;
    private readonly List<Resource> _missing = [];
    private readonly string _host;

    private NextCommands(string url, bool hasPools, string? node)
    {
        _url = url;
        _host = node ?? DemoNode.Metadata.Name;
        if (!hasPools)
        {
            _missing.Add(DemoPool);
        }

        if (node is null)
        {
            _missing.Add(DemoNode);
        }
    }

    /// <param name="url">Where the member answers.</param>
    /// <param name="door">Tells what exists: an address needs a pool and a node.</param>
    public static async Task<IEnumerable<string>> ForAsync(string url, IpamDoor door)
    {
        var pools = await door.ListAsync(ResourceKind.IPPool, CancellationToken.None);
        var nodes = await door.ListAsync(ResourceKind.Node, CancellationToken.None);
        var commands = new NextCommands(url, !pools.Items.IsEmpty, nodes.Items.IsEmpty ? null : nodes.Items[0].Metadata.Name);
        return (Program() is { } program ? commands.WithProgram(program) : commands.WithCurl()).Take(3);
    }

    private static string? Program() =>
        File.Exists("ipamctl") ? "./ipamctl"
        : Directory.Exists("src/ActorIpam.Cli") ? "dotnet run --project src/ActorIpam.Cli --"
        : null;

    private IEnumerable<string> WithProgram(string program)
    {
        var ipamctl = _url == DefaultUrl ? program : $"{program} --server {_url}";
        yield return _missing.Count > 0 ? $"echo '[{string.Join(',', _missing.Select(ResourceJson.Write))}]' | {ipamctl} create -f -" : $"{ipamctl} get ippools";
        yield return $"{ipamctl} ipam assign --host {_host} --handle first";
        yield return $"{ipamctl} ipam show --show-blocks";
    }

    private IEnumerable<string> WithCurl()
    {
        foreach (var resource in _missing)
        {
            yield return $"curl -s {Json} -d '{ResourceJson.Write(resource)}' {_url}/apis/{ResourceKinds.ApiVersion}/{ResourceKinds.Of(resource.Kind).Plural}";
        }

        yield return $"curl -s {Json} -d '{{\"host\":\"{_host}\",\"handle\":\"first\",\"ipv4\":1}}' {_url}/ipam/v1/assign";
        yield return $"curl -s '{_url}/ipam/v1/utilization?blocks=true'";
        yield return $"curl -s {_url}/ipam/v1/addresses";
    }
}
