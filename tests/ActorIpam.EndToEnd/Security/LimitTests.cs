using System.Net.Sockets;
using System.Text;
using ActorIpam.Domain.Access;
using ActorIpam.Server.Security;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Security;

/// <summary>What one caller may cost the others.</summary>
public sealed class LimitTests
{
    private static readonly Caller Web = new("token:web", AccessRole.Viewer), Db = new("token:db", AccessRole.Viewer);

    [Fact]
    public async Task A_caller_who_asks_too_often_is_told_when_to_come_again_and_takes_nothing_from_others()
    {
        await using var limits = new RateLimits(perMember: 0, perCaller: 3);

        Asked(limits, Web, 3).ShouldAllBe(refusal => refusal == null);
        var (whose, wait) = limits.Refusal(Web).ShouldNotBeNull();
        whose.ShouldBe("token:web sends");
        wait.ShouldBeInRange(TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
        Asked(limits, Db, 3).ShouldAllBe(refusal => refusal == null);
    }

    [Fact]
    public async Task All_callers_together_are_bounded_too()
    {
        await using var limits = new RateLimits(perMember: 4, perCaller: 3);

        Asked(limits, Web, 3).ShouldAllBe(refusal => refusal == null);
        limits.Refusal(Web).ShouldNotBeNull("his own limit, which costs the others nothing");
        limits.Refusal(Db).ShouldBeNull();
        limits.Refusal(Db).ShouldNotBeNull().Whose.ShouldBe("All callers together send");
    }

    [Fact]
    public async Task Without_limits_nobody_is_refused()
    {
        await using var limits = new RateLimits(0, 0);

        Asked(limits, Web, 10_000).ShouldAllBe(refusal => refusal == null);
    }

    [Fact]
    public async Task A_release_over_the_limit_is_answered_429_and_can_be_sent_again()
    {
        await using var guarded = new Guarded();
        await guarded.StartAsync("--caller-rate-limit", "20");
        (await guarded.Operator.PostAsync(Nodes, Node("rack-1"))).Expect(201);
        (await guarded.Operator.PostAsync(Pools, Pool("blue", "10.1.0.0/16"))).Expect(201);
        (await guarded.Operator.PostAsync("/ipam/v1/assign", Assign("rack-1", "web"))).Expect(200);
        using var rack = guarded.As(await guarded.TokenAsync("rack-1", "allocator", "rack-1"));

        var flood = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => rack.GetAsync("/version")));
        flood.Select(reply => reply.Code).Distinct().Order().ShouldBe([200, 429]);
        var refused = flood.First(reply => reply.Code == 429);
        refused.RetryAfter.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
        ((string)refused.Json["reason"]!).ShouldBe("TooManyRequests");
        (await guarded.Operator.GetAsync("/version")).Expect(200);

        // Whatever the release is answered, it was done or it is said that it was not; sent again as told, it is done.
        var done = await Eventually.SeesAsync(
            () => rack.PostAsync("/ipam/v1/release-handle", """{"handle":"web"}"""), reply => reply.Code != 429, "an answer to the release");
        done.Expect(200).Json["released"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_caller_who_never_ends_the_head_of_a_request_is_cut_off()
    {
        await using var guarded = new Guarded();
        await guarded.StartAsync("--header-timeout", "1");
        using var slow = new TcpClient();
        await slow.ConnectAsync(guarded.Member.Url.Host, guarded.Member.Url.Port, TestContext.Current.CancellationToken);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /version HTTP/1.1\r\nHost: x\r\nX-Slow: "), TestContext.Current.CancellationToken);

        // Ends when the member closes the connection; the test's own time-out is the only clock here.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var reader = new StreamReader(slow.GetStream());
        (await reader.ReadToEndAsync(patience.Token)).ShouldStartWith("HTTP/1.1 408 ");
    }

    [Fact]
    public async Task More_connections_than_allowed_are_closed()
    {
        await using var guarded = new Guarded();
        await guarded.StartAsync("--max-connections", "2");
        var held = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 2; i++)
            {
                var client = new TcpClient();
                held.Add(client);
                await client.ConnectAsync(guarded.Member.Url.Host, guarded.Member.Url.Port, TestContext.Current.CancellationToken);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"), TestContext.Current.CancellationToken);
                (await client.GetStream().ReadAsync(new byte[16], TestContext.Current.CancellationToken)).ShouldBeGreaterThan(0);
            }

            await Should.ThrowAsync<HttpRequestException>(() => guarded.As(null).GetAsync("/healthz"));
        }
        finally
        {
            held.ForEach(client => client.Dispose());
        }

        await Eventually.SeesAsync(() => HealthyAsync(guarded.As(null)), healthy => healthy, "room for a connection");
    }

    private static (string Whose, TimeSpan Wait)?[] Asked(RateLimits limits, Caller caller, int times) => [.. Enumerable.Range(0, times).Select(_ => limits.Refusal(caller))];

    private static async Task<bool> HealthyAsync(Api api)
    {
        try
        {
            return (await api.GetAsync("/healthz")).Code == 200;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
