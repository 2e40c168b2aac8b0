using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using Shouldly;

namespace ActorIpam.EngineSpecs.Cluster;

/// <summary>Releases of callers who may act for one host only (docs/decisions/0024): judged where they arrive, served by the owner.</summary>
public sealed class BoundReleaseSpecs : TwoMembers
{
    [Fact]
    public async Task Releases_of_a_caller_bound_to_the_host_are_served_by_its_owner_too()
    {
        var ip = (await AssignAsync("web-1")).Single();
        await AssignAsync("web-2", Noon);
        Wire.Asked.Clear();
        (await A.Door.ReleaseAsync(new() { Addresses = [new(ip)] }, Host, Cancellation)).Value.Released.ShouldBe([ip]);
        (await A.Door.ReleaseHandleAsync(new() { Handle = "web-2", Final = true, IssuedAt = Noon.AddSeconds(1) }, Host, Cancellation)).Value.Released.ShouldHaveSingleItem();
        Wire.Asked.ShouldBe(["release → b", "release-handle → b"]);
    }

    [Fact]
    public async Task Releases_of_a_caller_bound_to_another_host_are_refused_where_they_arrive()
    {
        var ip = (await AssignAsync("web-1", Noon)).Single();
        Wire.Asked.Clear();
        (await A.Door.ReleaseAsync(new() { Addresses = [new(ip)] }, "elsewhere", Cancellation)).Refusals.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.OtherHost);
        (await A.Door.ReleaseHandleAsync(new() { Handle = "web-1", Final = true, IssuedAt = Noon.AddSeconds(1) }, "elsewhere", Cancellation)).Refusals.ShouldHaveSingleItem().Code.ShouldBe(RefusalCode.OtherHost);
        Wire.Asked.ShouldBeEmpty();
        (await HeldAsync("web-1")).ShouldBe([ip]);
    }

    [Fact]
    public async Task A_late_release_of_a_caller_bound_to_the_host_frees_nothing_of_another()
    {
        // What was judged is what is sent: the generation, and for a handle the host.
        var ip = (await AssignAsync("web-1", Noon)).Single();
        Wire.Fate = Fate.Late;
        await A.Door.ReleaseAsync(new() { Addresses = [new(ip)] }, Host, Cancellation);
        await ForgiveAsync();
        await A.Door.ReleaseHandleAsync(new() { Handle = "web-1", Host = Host, Final = true, IssuedAt = Noon.AddSeconds(1) }, Host, Cancellation);
        Wire.Fate = Fate.Delivered;
        await A.Door.CreateAsync(new Node(new("elsewhere"), new()), dryRun: false, Cancellation);
        (await A.Door.AssignIpAsync(new() { Host = "elsewhere", Handle = "web-9", Ip = ip }, Cancellation)).IsRefused.ShouldBeFalse();
        await Wire.DeliverLateAsync();
        (await HeldAsync("web-9")).ShouldBe([ip]);
    }
}
