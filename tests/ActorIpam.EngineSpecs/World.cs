using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;

namespace ActorIpam.EngineSpecs;

/// <summary>One member on a journal in memory, with a clock that can be put forward.</summary>
internal sealed class World : IAsyncDisposable
{
    private World(long decisionBytes) =>
        Member = Member.Start(new(Journal, Journal, Clock, new Counting()), new() { Name = "alone", DecisionBytes = decisionBytes });

    public MemoryJournal Journal { get; } = new();

    public ShiftedClock Clock { get; } = new();

    public Member Member { get; }

    public static async Task<World> WithAsync(params Resource[] resources)
    {
        var world = new World(1024 * 1024);
        await world.CreateAsync(resources);
        return world;
    }

    public static World WithMemory(long decisionBytes) => new(decisionBytes);

    public async Task CreateAsync(params Resource[] resources)
    {
        foreach (var resource in resources)
        {
            Must(await Member.Door.CreateAsync(resource, dryRun: false, CancellationToken.None));
        }
    }

    public static IpPool Pool(string name, string cidr, int blockSize, string? nodeSelector = null) =>
        new(new(name), new() { Cidr = cidr, BlockSize = blockSize, NodeSelector = nodeSelector });

    public static Node Node(string name, string? zone = null) =>
        new(new(name) { Labels = zone is null ? Metadata.EmptyMap : Metadata.EmptyMap.Add("zone", zone) }, new() { Bgp = new() { Ipv4Address = $"192.168.0.{(name[^1] % 200) + 1}/24" } });

    public static T Must<T>(Answer<T> answer) => answer.IsRefused ? throw new InvalidOperationException(answer.Refusals[0].Message) : answer.Value;

    public ValueTask DisposeAsync() => Member.DisposeAsync();

    internal sealed class ShiftedClock : TimeProvider
    {
        private TimeSpan _ahead;

        public void PutForward(TimeSpan time) => _ahead += time;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;
    }
}
