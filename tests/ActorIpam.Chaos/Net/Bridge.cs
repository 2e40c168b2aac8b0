using System.Globalization;

namespace ActorIpam.Chaos.Net;

/// <summary>A network of the run's own: a bridge, and a namespace for each machine on it. Nothing of it reaches outside.</summary>
internal sealed class Bridge : IAsyncDisposable
{
    private readonly string _name;
    private readonly string _prefix;
    private readonly List<Place> _places = [];

    private Bridge(string name, string prefix) => (_name, _prefix) = (name, prefix);

    /// <summary>The first three octets of the network and a dot. The range belongs to no route of the machine: it lives in namespaces only.</summary>
    public string Prefix => _prefix;

    public static async Task<Bridge> CreateAsync()
    {
        var number = Environment.ProcessId % 10_000;
        var bridge = new Bridge(string.Create(CultureInfo.InvariantCulture, $"chaos{number}"), string.Create(CultureInfo.InvariantCulture, $"10.{200 + (number % 50)}.77."));
        await Shell.RunAsync("ip", "netns", "add", bridge.Hub);
        await bridge.InHubAsync("link", "add", "hub", "type", "bridge");
        await bridge.InHubAsync("link", "set", "hub", "up");
        return bridge;
    }

    /// <summary>Adds a machine with the address that ends in <paramref name="octet"/>.</summary>
    public async Task<Place> AddAsync(string name, int octet)
    {
        var place = new Place(name, $"{_name}-{name}", _prefix + octet.ToString(CultureInfo.InvariantCulture));
        await Shell.RunAsync("ip", "netns", "add", place.Namespace);
        _places.Add(place);
        await Shell.RunAsync("ip", "-n", place.Namespace, "link", "add", "eth0", "type", "veth", "peer", "name", $"v-{name}", "netns", Hub);
        await InHubAsync("link", "set", $"v-{name}", "master", "hub", "up");
        await Shell.RunAsync("ip", "-n", place.Namespace, "addr", "add", place.Address + "/24", "dev", "eth0");
        await Shell.RunAsync("ip", "-n", place.Namespace, "link", "set", "eth0", "up");
        await Shell.RunAsync("ip", "-n", place.Namespace, "link", "set", "lo", "up");
        await Wall.PrepareAsync(place);
        return place;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var place in _places)
        {
            await Shell.TryAsync("ip", "netns", "delete", place.Namespace);
        }

        await Shell.TryAsync("ip", "netns", "delete", Hub);
    }

    private string Hub => _name + "-hub";

    private Task InHubAsync(params string[] arguments) => Shell.RunAsync("ip", ["-n", Hub, .. arguments]);
}

/// <summary>A machine of the run.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Namespace">Its network namespace.</param>
/// <param name="Address">Where the others reach it.</param>
internal sealed record Place(string Name, string Namespace, string Address);
