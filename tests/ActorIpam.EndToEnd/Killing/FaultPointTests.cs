using ActorIpam.Runtime;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd.Killing;

/// <summary>The process dies at each named boundary between two steps; the client repeats its requests; everything ends as if nothing had happened.</summary>
public sealed class FaultPointTests : IAsyncDisposable
{
    /// <summary>Sweeps come soon, so that they are part of what happens.</summary>
    private static readonly string[] SweepingOften = ["--sweep-period", "0.2"];

    private readonly Serving _serving = new();
    private int _deaths;

    public static TheoryData<FaultPoint, int> Points =>
    [
        // Those of a recovery are passed on restored journals alone: RecoveryFaultTests.
        .. from point in Enum.GetValues<FaultPoint>().Except([FaultPoint.HoldingsAdopted, FaultPoint.RecoveryStepped])
           from times in point is FaultPoint.UnitDecided or FaultPoint.BatchSending or FaultPoint.BatchCommitted ? Enumerable.Range(1, 4) : Enumerable.Range(1, 1)
           select new TheoryDataRow<FaultPoint, int>(point, times),
    ];

    public ValueTask DisposeAsync() => _serving.DisposeAsync();

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_death_at_a_fault_point_leaves_nothing_that_repeating_does_not_mend(FaultPoint point, int times)
    {
        await _serving.StartAsync();
        await PrepareAsync();
        await _serving.Member.KillAsync();
        await _serving.Member.DisposeAsync();
        _serving.Api.Dispose();
        await _serving.StartToCrashAsync($"{point}:{times}", SweepingOften);

        // One request after the other, each repeated until it is answered.
        var first = await DefiniteAsync(api => api.PostAsync("/ipam/v1/assign", Assign("host-a", "a1", requestId: "q1")), 200);
        var second = await DefiniteAsync(api => api.PostAsync("/ipam/v1/assign", Assign("host-a", "a2", requestId: "q2")), 200);
        await DefiniteAsync(api => api.PostAsync("/ipam/v1/assign", Assign("host-b", "gone", requestId: "q3")), 200);
        await DefiniteAsync(api => api.PostAsync("/ipam/v1/release-handle", """{"handle": "a2", "final": true, "issuedAt": "2030-01-01T00:00:00Z"}"""), 200);
        await DefiniteAsync(api => api.DeleteAsync($"{Nodes}/host-b"), 200, 404);
        await DefiniteAsync(api => api.PostAsync(Pools, Pool("late", "10.9.0.0/24")), 201, 409);
        await DefiniteAsync(api => api.DeleteAsync($"{Pools}/doomed"), 200, 404);
        await RepeatUntilAsync(api => api.PostAsync("/ipam/v1/split", """{"pool": "whole", "parts": 2}"""), static reply => (bool)reply.Json["done"]!);
        await RepeatUntilAsync(api => api.GetAsync("/ipam/v1/blocks"), static reply => reply.Json["items"]!.AsArray().Sum(static block => (long)block!["cooling"]!) == 0);

        _deaths.ShouldBe(1, $"{point} was not passed {times} times: the scenario must reach every fault point");
        await ShouldBeAsItWouldHaveBeenAsync(first, second);
    }

    private async Task PrepareAsync()
    {
        (await _serving.Api.PostAsync(Pools, Pool("blue", "10.1.0.0/27", 29))).Expect(201);
        (await _serving.Api.PostAsync(Nodes, Node("host-a"))).Expect(201);
        (await _serving.Api.PostAsync(Nodes, Node("host-b"))).Expect(201);
        (await _serving.Api.PostAsync(Pools, Pool("doomed", "10.2.0.0/27", 29))).Expect(201);
        (await _serving.Api.PostAsync("/ipam/v1/assign-ip", """{"host": "host-c", "handle": "stays", "ip": "10.2.0.1"}""")).Expect(200);
        (await _serving.Api.PostAsync("/ipam/v1/affinities/claim", """{"host": "host-c", "cidr": "10.2.0.8/29"}""")).Expect(200);
        (await _serving.Api.PostAsync(Configurations, Cooldown(1))).Expect(201);
        (await _serving.Api.PostAsync(Pools, Pool("whole", "10.3.0.0/27", 29).Replace("\"spec\":{", "\"spec\":{\"assignmentMode\":\"Manual\",", StringComparison.Ordinal))).Expect(201);
        (await _serving.Api.PostAsync("/ipam/v1/assign-ip", """{"host": "host-c", "handle": "first-half", "ip": "10.3.0.1"}""")).Expect(200);
        (await _serving.Api.PostAsync("/ipam/v1/assign-ip", """{"host": "host-c", "handle": "second-half", "ip": "10.3.0.17"}""")).Expect(200);
    }

    private async Task ShouldBeAsItWouldHaveBeenAsync(Reply first, Reply second)
    {
        var api = _serving.Api;
        var held = (await api.GetAsync("/ipam/v1/addresses")).Expect(200).Json["items"]!.AsArray().ToDictionary(a => (string)a!["handle"]!, a => (string)a!["address"]!);
        held.Keys.Order().ShouldBe(["a1", "first-half", "gone", "second-half", "stays"]);
        held["a1"].ShouldBe(first.Addresses("ipv4").Single());
        second.Addresses("ipv4").Single().ShouldNotBe(held["a1"]);

        var blocks = (await api.GetAsync("/ipam/v1/blocks")).Expect(200).Json["items"]!.AsArray();
        blocks.Where(block => (string?)block!["host"] == "host-b").ShouldBeEmpty("the node of host-b is gone");
        blocks.Count(block => (string?)block!["host"] == "host-a").ShouldBe(1);
        blocks.Sum(block => (long)block!["assigned"]!).ShouldBe(5);
        blocks.Single(block => (string)block!["cidr"]! == "10.2.0.0/29")!["state"]!.ToString().ShouldBe("orphan");
        blocks.ShouldNotContain(block => (string)block!["cidr"]! == "10.2.0.8/29");

        blocks.Where(block => (string?)block!["host"] == "host-c").Select(block => (string?)block!["pool"]).Order().ShouldBe(["split-whole-0", "split-whole-1"]);
        (await api.GetAsync($"{Pools}/whole")).Code.ShouldBe(404);
        (await api.GetAsync($"{Pools}/doomed")).Code.ShouldBe(404);
        (await api.GetAsync("/ipam/v1/check")).Expect(200).Json["problems"]!.AsArray().ShouldBeEmpty("the journal and what queries show agree");
        (await api.GetAsync($"{Pools}/late")).Code.ShouldBe(200);
    }

    /// <summary>Asks again and again until the answer says that what was asked for has come about.</summary>
    private async Task RepeatUntilAsync(Func<Api, Task<Reply>> ask, Func<Reply, bool> isThere)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isThere(await DefiniteAsync(ask, 200)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }

    /// <summary>Asks until there is an answer with one of the codes; a dead member is started again, without a fault.</summary>
    private async Task<Reply> DefiniteAsync(Func<Api, Task<Reply>> ask, int code, int? codeOfRepeat = null)
    {
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            try
            {
                var reply = await ask(_serving.Api);
                if (reply.Code is not (429 or 503))
                {
                    return attempt > 1 && reply.Code == codeOfRepeat ? reply : reply.Expect(code);
                }
            }
            catch (HttpRequestException)
            {
                (await _serving.Member.ExitAsync()).ShouldBe(137, "killed by SIGKILL");
                _deaths++;
                await _serving.RestartAsync(SweepingOften);
            }
        }

        throw new InvalidOperationException("Ten attempts and no answer.");
    }
}
