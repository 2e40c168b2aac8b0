using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Resources;
using ActorIpam.JournalContract.Members;
using ActorIpam.JournalContract.Past;

namespace ActorIpam.JournalContract.Damages;

/// <summary>A member with a little of everything on its journal: held and released addresses, blocks with and without owner, a closed one, changed resources, snapshots.</summary>
/// <remarks>
/// The words of a damage's statement: <c>{plain}</c>, <c>{dressed}</c> (with attributes) and <c>{gone}</c> (released) are addresses of one block, <c>{free}</c> too;
/// <c>{block}</c> is that block and <c>{range}</c> its name, <c>{orphan}</c> one without owner, <c>{closed}</c> the name of one that is closed.
/// </remarks>
internal sealed partial class DamagedWorld : IAsyncDisposable
{
    private static readonly ImmutableSortedDictionary<string, string> Attributes = ImmutableSortedDictionary<string, string>.Empty.Add("pod", "web-0");

    private readonly bool _isSqlite;
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);

    private DamagedWorld(IJournalUnderTest under, bool isSqlite, bool isCut) =>
        (_isSqlite, World) = (isSqlite, new(under, new(1), isCut ? TimeSpan.FromMinutes(1) : TimeSpan.FromDays(9)));

    public PastWorld World { get; }

    public IpAddress Dressed { get; private set; }

    public static async Task<DamagedWorld> OfAsync(IJournalUnderTest under, bool isSqlite, bool isCut)
    {
        var world = new DamagedWorld(under, isSqlite, isCut);
        await world.PlayAsync();
        if (isCut)
        {
            world.World.Clock.Now += TimeSpan.FromMinutes(5);
            await world.World.SweepAsync();
            await world.World.SweepAsync();
            if (world.World.RowsCut == 0)
            {
                throw new InvalidOperationException("Nothing was cut.");
            }
        }

        return world;
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();

    /// <summary>The statement as this storage takes it.</summary>
    public string Spelled(string sql)
    {
        foreach (var (word, value) in _words)
        {
            sql = sql.Replace($"{{{word}}}", value, StringComparison.Ordinal);
        }

        sql = sql.Replace("{hour}", _isSqlite ? "36000000000" : "interval '1 hour'", StringComparison.Ordinal).Replace("{second}", _isSqlite ? "10000000" : "interval '1 second'", StringComparison.Ordinal)
            .Replace("{commit}", _isSqlite ? "x'99999999999999999999999999999999'" : "'99999999-9999-9999-9999-999999999999'", StringComparison.Ordinal);
        sql = Literals().Replace(sql, match => Literal(match.Groups["type"].Value, match.Groups["value"].Value));
        return Choices().Replace(sql, match => match.Groups[_isSqlite ? "sqlite" : "postgres"].Value);
    }

    private async Task PlayAsync()
    {
        var door = World.Door;
        var none = CancellationToken.None;
        await door.CreateAsync(new IpPool(new("web"), new() { Cidr = "10.0.0.0/24", BlockSize = 29 }), dryRun: false, none);
        foreach (var node in (string[])["a", "b", "c"])
        {
            await door.CreateAsync(new Node(new(node), new()), dryRun: false, none);
        }

        var released = await AssignAsync("a", "gone", 1, attributes: true);
        World.Clock.Now += TimeSpan.FromSeconds(90);
        await door.ReleaseHandleAsync(new() { Handle = "gone" }, none);
        var closed = (await AssignAsync("c", "short", 1)).Block;
        await door.ReleaseHandleAsync(new() { Handle = "short" }, none);
        World.Clock.Now += TimeSpan.FromSeconds(90);
        await World.SweepAsync();
        SomeMembers.Must(await door.ReleaseHostAffinitiesAsync("c", mustBeEmpty: false, none));
        var orphan = (await AssignAsync("b", "left", 1)).Block;
        SomeMembers.Must(await door.ReleaseHostAffinitiesAsync("b", mustBeEmpty: false, none));
        var dressed = await AssignAsync("a", "dressed", 1, attributes: true);
        var plain = await AssignAsync("a", "plain", 1, request: "r-1");
        World.Clock.Now += TimeSpan.FromSeconds(90);
        await World.SweepAsync();
        var pool = (IpPool)(await door.GetAsync(ResourceKind.IPPool, "web", none)).Value;
        SomeMembers.Must(await door.UpdateAsync(pool with { Spec = pool.Spec with { NatOutgoing = true } }, dryRun: false, none));
        foreach (var handle in (string[])["one", "two", "three"])
        {
            await AssignAsync("a", handle, 1);
            World.Clock.Now += TimeSpan.FromSeconds(20);
            await World.SweepAsync();
        }

        await door.ReleaseHandleAsync(new() { Handle = "three" }, none);
        await World.SweepAsync();
        var free = Enumerable.Range(0, 8).Select(ordinal => plain.Block.First.Plus((uint)ordinal)).First(ip => World.Under.Views.AddressAsync(ip, none).AsTask().GetAwaiter().GetResult() is null && ip != released.Ip);
        Dressed = dressed.Ip;
        (_words["plain"], _words["dressed"], _words["gone"], _words["free"]) =
            (Literal("ip", plain.Ip.ToString()), Literal("ip", dressed.Ip.ToString()), Literal("ip", released.Ip.ToString()), Literal("ip", free.ToString()));
        (_words["block"], _words["range"], _words["orphan"], _words["closed"]) =
            (Literal("cidr", plain.Block.ToString()), plain.Block.ToString(), Literal("cidr", orphan.ToString()), closed.ToString());
        if (dressed.Block != plain.Block || released.Block != plain.Block || await World.Under.Views.BlockAsync(closed, none) is not null
            || await World.Under.Views.BlockAsync(orphan, none) is not { Owner: null })
        {
            throw new InvalidOperationException($"The world is not as it was meant: {released}, {dressed}, {plain}, closed {closed}, without owner {orphan}.");
        }
    }

    private async Task<(IpAddress Ip, Cidr Block)> AssignAsync(string host, string handle, int count, bool attributes = false, string? request = null)
    {
        var given = SomeMembers.Must(await World.Door.AssignAsync(
            new() { Host = host, Handle = handle, Ipv4 = count, RequestId = request, Attributes = attributes ? Attributes : null }, CancellationToken.None));
        var ip = IpAddress.Parse(given.Ipv4[0].Address);
        return (ip, (await World.Under.Views.AddressAsync(ip, CancellationToken.None))!.Block);
    }

    private string Literal(string type, string value) => (type, _isSqlite) switch
    {
        ("ip", true) => $"ip_key('{value}')",
        ("ip", false) => $"'{value}'::inet",
        (_, true) => $"cidr_key('{value}')",
        _ => $"'{value}'::cidr",
    };

    [GeneratedRegex(@"\{(?<type>ip|cidr):(?<value>[^}]*)\}")]
    private static partial Regex Literals();

    [GeneratedRegex(@"\{(?<sqlite>[^{}|]*)\|(?<postgres>[^{}|]*)\}")]
    private static partial Regex Choices();
}
