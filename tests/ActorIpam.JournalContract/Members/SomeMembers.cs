using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;

namespace ActorIpam.JournalContract.Members;

/// <summary>Whole members on one journal in memory, with a clock that can be put forward. They sweep when they are told to.</summary>
internal sealed class SomeMembers : IAsyncDisposable
{
    private readonly List<Member> _members = [];

    public SomeMembers(int count, TimeSpan idleGrace)
    {
        for (var at = 0; at < count; at++)
        {
            var ports = new MemberPorts(Journal, Journal, Clock, new Chance()) { Due = Journal };
            _members.Add(Member.Start(ports, new() { Name = $"m{at}", Sweeping = new() { Period = TimeSpan.Zero, IdleGrace = idleGrace } }));
        }
    }

    public MemoryJournal Journal { get; } = new();

    public ShiftedClock Clock { get; } = new();

    public Member this[int index] => _members[index];

    public IpamDoor Door => _members[0].Door;

    public static T Must<T>(Answer<T> answer) => answer.IsRefused ? throw new InvalidOperationException(answer.Refusals[0].Message) : answer.Value;

    public async Task PrepareAsync(string cidr, int blockSize, params string[] nodes)
    {
        Must(await Door.CreateAsync(new IpPool(new("web"), new() { Cidr = cidr, BlockSize = blockSize }), dryRun: false, CancellationToken.None));
        foreach (var node in nodes)
        {
            Must(await Door.CreateAsync(new Node(new(node), new()), dryRun: false, CancellationToken.None));
        }
    }

    public Task SweepAllAsync() => Task.WhenAll(_members.Select(static member => Task.Run(member.SweepAsync)));

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members)
        {
            await member.DisposeAsync();
        }
    }

    internal sealed class ShiftedClock : TimeProvider
    {
        private TimeSpan _ahead;

        public void PutForward(TimeSpan time) => _ahead += time;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;
    }

    internal sealed class Chance : IChance
    {
        public Guid NewId() => Guid.NewGuid();

        public int Next(int limit) => Random.Shared.Next(limit);
    }
}
