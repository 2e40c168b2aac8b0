namespace ActorIpam.Chaos.Net;

/// <summary>Silence between machines: packets are dropped where they arrive, nobody is told.</summary>
internal static class Wall
{
    public static async Task PrepareAsync(Place place)
    {
        await InAsync(place, "add", "table", "inet", "chaos");
        await InAsync(place, "add", "chain", "inet", "chaos", "arriving", "{", "type", "filter", "hook", "input", "priority", "0", ";", "}");
    }

    /// <summary>What <paramref name="from"/> sends does not arrive at <paramref name="to"/> any more; the other way is open.</summary>
    public static Task DeafenAsync(Place to, Place from) => InAsync(to, "add", "rule", "inet", "chaos", "arriving", "ip", "saddr", from.Address, "drop");

    /// <summary>Neither hears the other.</summary>
    public static async Task BetweenAsync(Place one, Place other)
    {
        await DeafenAsync(one, other);
        await DeafenAsync(other, one);
    }

    /// <summary>Whatever one sends to the other is answered with a reset, both ways: connections break in the middle of what they carry, until the walls are opened.</summary>
    public static async Task ResetBetweenAsync(Place one, Place other)
    {
        await InAsync(one, "add", "rule", "inet", "chaos", "arriving", "ip", "saddr", other.Address, "meta", "l4proto", "tcp", "reject", "with", "tcp", "reset");
        await InAsync(other, "add", "rule", "inet", "chaos", "arriving", "ip", "saddr", one.Address, "meta", "l4proto", "tcp", "reject", "with", "tcp", "reset");
    }

    /// <summary>Everything arrives at this machine again.</summary>
    public static Task OpenAsync(Place place) => InAsync(place, "flush", "chain", "inet", "chaos", "arriving");

    private static Task InAsync(Place place, params string[] arguments) => Shell.RunAsync("ip", ["netns", "exec", place.Namespace, "nft", .. arguments]);
}
