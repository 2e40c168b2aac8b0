using System.Net;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine;
using ActorIpam.Engine.Forwarding;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Server.Cluster;
using ActorIpam.Server.Hosting;
using ActorIpam.Server.Options;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace ActorIpam.EndToEnd.Cluster;

/// <summary>The port for members, before there is a member behind it.</summary>
public sealed class ClusterPortTests
{
    private static readonly ServerOptions Silent = new()
    {
        Listen = new(false, "127.0.0.1", IPAddress.Loopback, 0),
        Journal = new JournalChoice.Memory(),
        Member = "late",
        LogLevel = LogLevel.None,
    };

    private static readonly ReleaseHandleRequest Request = new() { Handle = "nobody", Host = "h", Final = true, IssuedAt = DateTimeOffset.UtcNow };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_before_the_member_is_there_waits_for_it()
    {
        await using var host = await StartAsync();
        using var peers = new HttpPeers(null);
        var asking = peers.AskAsync(RowOf(host), ForwardedCalls.ReleaseHandle, Request, TimeSpan.FromMinutes(1), Cancellation);
        (await Task.WhenAny(asking, Task.Delay(TimeSpan.FromMilliseconds(300), Cancellation))).ShouldNotBe(asking);

        var journal = new MemoryJournal();
        await using var member = Member.Start(new(journal, journal, TimeProvider.System, new SystemChance()), new() { Name = "late" });
        host.Serve(member);
        (await asking).Value.Released.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_waits_no_longer_than_who_asks()
    {
        await using var host = await StartAsync();
        using var peers = new HttpPeers(null);
        var no = await Should.ThrowAsync<UnavailableException>(() => peers.AskAsync(RowOf(host), ForwardedCalls.ReleaseHandle, Request, TimeSpan.FromMilliseconds(100), Cancellation));
        no.Message.ShouldBe("The member is starting.");
    }

    private static Task<ClusterHost> StartAsync() => ClusterHost.StartAsync(new(IPAddress.Loopback, 0, null, null), null, Silent);

    private static MemberRow RowOf(ClusterHost host) => new("late", 1, host.Url.ToString().TrimEnd('/'), 1, DateTimeOffset.UtcNow, IsDraining: false);
}
