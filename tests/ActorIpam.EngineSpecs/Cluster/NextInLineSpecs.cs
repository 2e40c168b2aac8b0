using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Placement;
using Shouldly;

namespace ActorIpam.EngineSpecs.Cluster;

/// <summary>Of three members B owns a host, C is next in line, and A is asked (docs/decisions/0027).</summary>
public sealed class NextInLineSpecs : TwoMembers
{
    private static readonly string InLine = Enumerable.Range(0, 1000).Select(static at => $"host-{at}")
        .First(static host => Rendezvous.OwnerOf($"host:{host}", ["a", "b", "c"]) == "b" && Rendezvous.OwnerOf($"host:{host}", ["a", "c"]) == "c");

    private protected override IEnumerable<string> Names => ["a", "b", "c"];

    [Fact]
    public async Task Where_the_owner_is_suspect_the_next_in_line_serves()
    {
        await SuspectAsync("b");
        Wire.Asked.Clear();
        (await OfLineAsync("a", "web-2")).ShouldBe("c");
        Wire.Asked.ShouldBe(["assign → c"]);
    }

    [Fact]
    public async Task All_who_suspect_the_owner_agree_on_who_serves()
    {
        await SuspectAsync("b");
        Wire.Asked.Clear();
        (await OfLineAsync("c", "web-2")).ShouldBe("c");
        (await OfLineAsync("a", "web-3")).ShouldBe("c");

        // C went to see once, and was the one itself afterwards.
        (await OfLineAsync("c", "web-4")).ShouldBe("c");
        Wire.Asked.ShouldBe(["assign → b", "assign → c"]);
    }

    [Fact]
    public async Task When_the_owner_is_silent_nobody_else_is_asked()
    {
        // A client waits for one silent member at most; and what the next said would not be definite either.
        Wire.Unreachable.Add("b");
        (await OfLineAsync("a", "web-1")).ShouldBe("a");
        Wire.Asked.ShouldBe(["assign → b"]);
    }

    [Fact]
    public async Task A_no_of_the_next_is_passed_on_and_not_that_after_its_silence()
    {
        await SuspectAsync("b");
        await NodeAsync();
        (await A.Door.AssignAsync(new() { Host = InLine, Handle = "web-2", Ipv4 = 1, Ipv4Pools = ["nowhere"] }, Cancellation)).IsRefused.ShouldBeTrue();
        Wire.Fate = Fate.Late;
        await Should.ThrowAsync<UnavailableException>(() => A.Door.AssignAsync(new() { Host = InLine, Handle = "web-3", Ipv4 = 5, AllOrNothing = true }, Cancellation));
        Wire.Asked.TakeLast(2).ShouldBe(["assign → c", "assign → c"]);
    }

    [Fact]
    public async Task Where_all_are_suspect_it_is_served_where_it_came_in()
    {
        await SuspectAsync("b");
        Wire.Unreachable.Add("c");
        (await OfLineAsync("a", "web-2")).ShouldBe("a");
        Wire.Asked.Clear();
        (await OfLineAsync("a", "web-3")).ShouldBe("a");
        Wire.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_owner_is_asked_again_when_its_time_is_over()
    {
        await SuspectAsync("b");
        Wire.Unreachable.Clear();
        Clock.Ahead = TimeSpan.FromSeconds(7);
        (await OfLineAsync("a", "web-2")).ShouldBe("b");
        (await OfLineAsync("a", "web-3")).ShouldBe("b");
    }

    private async Task SuspectAsync(string name)
    {
        Wire.Unreachable.Add(name);
        await OfLineAsync("a", "web-1");
        A.Suspects(Presences["a"].Seen.Rows.Single(row => row.Name == name)).ShouldBeTrue();
    }

    private async Task NodeAsync()
    {
        var known = await A.Door.GetAsync(ResourceKind.Node, InLine, Cancellation);
        if (known.IsRefused)
        {
            await A.Door.CreateAsync(new Node(new(InLine), new()), dryRun: false, Cancellation);
        }
    }

    /// <returns>Who wrote the grant.</returns>
    private async Task<string> OfLineAsync(string member, string handle)
    {
        await NodeAsync();
        var granted = (await Members[member].Door.AssignAsync(new() { Host = InLine, Handle = handle, Ipv4 = 1 }, Cancellation)).Value.Ipv4.ShouldHaveSingleItem();
        var rows = (await Journal.ReadAsync(new($"block/{granted.Block}"), Head.None, Cancellation)).Rows;
        return rows.Last(row => row.Events.Contains(handle, StringComparison.Ordinal)).Member;
    }
}
