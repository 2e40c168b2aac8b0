using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Membership;
using ActorIpam.Runtime.Placement;
using Shouldly;

namespace ActorIpam.EngineSpecs.Cluster;

/// <summary>Who is asked why and does not remember asks the others: member A is asked, member B decided.</summary>
public sealed class AskingOthersSpecs : IAsyncLifetime
{
    /// <summary>A host whose owner is B.</summary>
    private static readonly string Host = Enumerable.Range(0, 100).Select(at => $"node-{at}").First(host => Rendezvous.OwnerOf($"host:{host}", ["a", "b"]) == "b");

    private readonly TableClock _clock = new();
    private readonly MemoryJournal _journal = new();
    private readonly Dictionary<string, Member> _members = [];
    private readonly Dictionary<string, Presence> _presences = [];
    private readonly Wire _wire;

    public AskingOthersSpecs() => _wire = new(_members);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Member A => _members["a"];

    public async ValueTask InitializeAsync()
    {
        var table = new MemoryMemberTable(TimeProvider.System, () => Head.None);
        var chance = new Counting();
        foreach (var name in new[] { "a", "b" })
        {
            _presences[name] = new(table, TimeProvider.System, new() { Name = name, Address = $"http://{name}", Beat = TimeSpan.FromSeconds(30) });
            await _presences[name].JoinAsync(Cancellation);
        }

        foreach (var (name, presence) in _presences)
        {
            await presence.BeatAsync(Cancellation);
            var ports = new MemberPorts(_journal, _journal, _clock, chance) { Cluster = new(presence, _wire) };
            _members[name] = Member.Start(ports, new() { Name = name, Forwarding = new() { Patience = TimeSpan.FromSeconds(3) } });
        }

        await A.Door.CreateAsync(new Node(new(Host), new()), dryRun: false, Cancellation);
        await A.Door.CreateAsync(new IpPool(new("web"), new() { Cidr = "10.0.0.0/30", BlockSize = 30 }), dryRun: false, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _members.Values)
        {
            await member.DisposeAsync();
        }
    }

    [Fact]
    public async Task Whoever_is_asked_why_asks_the_others_when_he_does_not_know_and_says_who_did()
    {
        await A.Door.AssignAsync(Request("web-1") with { RequestId = "r", Ipv4Pools = ["nowhere"] }, Cancellation);
        foreach (var query in (ExplainQuery[])[new() { Request = "r" }, new() { Handle = "web-1" }])
        {
            var told = (await A.Door.Explaining.ExplainAsync(query, Cancellation)).Value;
            var decision = told.Decisions.ShouldHaveSingleItem();
            (decision.Member, decision.Outcome).ShouldBe(("b", nameof(RefusalCode.PoolNotFoundOrDisabled)));
            told.Notes.ShouldNotContain(static note => note.Contains("does not remember", StringComparison.Ordinal));
        }

        // Who remembers asks nobody.
        _wire.Asked.Clear();
        (await _members["b"].Door.Explaining.ExplainAsync(new() { Request = "r" }, Cancellation)).Value.Decisions.ShouldHaveSingleItem().Member.ShouldBe("b");
        _wire.Asked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData((int)Fate.Lost)]
    [InlineData((int)Fate.Swallowed)]
    public async Task Whoever_is_asked_why_waits_a_bounded_time_and_names_those_who_did_not_answer(int fate)
    {
        await A.Door.AssignAsync(Request("web-1") with { RequestId = "r", Ipv4Pools = ["nowhere"] }, Cancellation);
        _wire.Fate = (Fate)fate;

        var told = (await A.Door.Explaining.ExplainAsync(new() { Request = "r" }, Cancellation)).Value;

        told.Decisions.ShouldBeEmpty();
        told.Notes.ShouldContain(static note => note.StartsWith("b did not answer", StringComparison.Ordinal), string.Join('\n', told.Notes));
    }

    private static AssignRequest Request(string handle) => new() { Host = Host, Handle = handle, Ipv4 = 1 };
}
