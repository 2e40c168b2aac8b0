using System.Collections.Concurrent;
using Shouldly;
using Xunit;
using static ActorIpam.EndToEnd.Texts;

namespace ActorIpam.EndToEnd;

/// <summary>A pool is split while it is in use.</summary>
public sealed class SplitTests : IAsyncDisposable
{
    private readonly Serving _serving = new();

    public ValueTask DisposeAsync() => _serving.DisposeAsync();

    [Fact]
    public async Task A_pool_with_held_addresses_is_split_under_load_and_nobody_notices()
    {
        await _serving.StartAsync();
        var api = _serving.Api;
        (await api.PostAsync(Pools, Pool("web", "10.1.0.0/20", 28))).Expect(201);
        var held = new ConcurrentDictionary<string, string>();
        for (var host = 0; host < 20; host++)
        {
            (await api.PostAsync(Nodes, Node($"host-{host}"))).Expect(201);
            var addresses = (await api.PostAsync("/ipam/v1/assign", Assign($"host-{host}", $"keeps-{host}", ipv4: 40))).Expect(200).Addresses("ipv4").ToArray();
            held[$"keeps-{host}"] = string.Join(' ', addresses.Order(StringComparer.Ordinal));
        }

        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 8).Select(client => LoadAsync(api, client, stop.Token)).ToArray();
        var (calls, done) = (0, false);
        while (!done)
        {
            (++calls).ShouldBeLessThan(200);
            done = (bool)(await api.PostAsync("/ipam/v1/split", """{"pool": "10.1.0.0/20", "parts": 4}""")).Expect(200).Json["done"]!;
        }

        await stop.CancelAsync();
        (await Task.WhenAll(load)).Sum().ShouldBeGreaterThan(0, "somebody was served meanwhile");

        var pools = (await api.GetAsync(Pools)).Expect(200).Json["items"]!.AsArray().ToDictionary(p => (string)p!["metadata"]!["name"]!, p => (string)p!["spec"]!["cidr"]!);
        pools.ShouldBe(new Dictionary<string, string>
        {
            ["split-web-0"] = "10.1.0.0/22",
            ["split-web-1"] = "10.1.4.0/22",
            ["split-web-2"] = "10.1.8.0/22",
            ["split-web-3"] = "10.1.12.0/22",
        }, ignoreOrder: true);
        foreach (var (handle, addresses) in held)
        {
            var now = (await api.GetAsync($"/ipam/v1/addresses?handle={handle}")).Expect(200).Json["items"]!.AsArray();
            string.Join(' ', now.Select(a => (string)a!["address"]!).Order(StringComparer.Ordinal)).ShouldBe(addresses);
        }

        // Every block is in the books of its part: its part can be deleted only if they agree.
        foreach (var name in pools.Keys)
        {
            (await api.DeleteAsync($"{Pools}/{name}")).Expect(200);
        }

        (await api.PostAsync("/ipam/v1/release-handle", """{"handle": "keeps-3"}""")).Expect(200);
    }

    [Fact]
    public async Task Repeating_a_split_that_is_done_says_so()
    {
        await _serving.StartAsync();
        (await _serving.Api.PostAsync(Pools, Pool("web", "10.1.0.0/26", 28))).Expect(201);
        const string split = """{"pool": "web", "parts": 4}""";

        var first = (await _serving.Api.PostAsync("/ipam/v1/split", split)).Expect(200);
        var again = (await _serving.Api.PostAsync("/ipam/v1/split", split)).Expect(200);

        ((bool)first.Json["done"]!, (bool)again.Json["done"]!).ShouldBe((true, true));
        (await _serving.Api.PostAsync("/ipam/v1/split", """{"pool": "web", "parts": 2}""")).Expect(404);
    }

    [Theory]
    [InlineData("""{"pool": "web", "parts": 3}""", "PartsInvalid", 422)]
    [InlineData("""{"pool": "web", "parts": 128}""", "ChildSmallerThanBlock", 422)]
    [InlineData("""{"pool": "nobody", "parts": 2}""", "NotFound", 404)]
    [InlineData("""{"parts": 2}""", "Invalid", 422)]
    public async Task What_cannot_be_split_is_refused_and_stays_as_it_is(string body, string reason, int code)
    {
        await _serving.StartAsync();
        (await _serving.Api.PostAsync(Pools, Pool("web", "10.1.0.0/24", 28))).Expect(201);

        (await _serving.Api.PostAsync("/ipam/v1/split", body)).Expect(code).Cause.ShouldBe(reason);

        ((bool?)(await _serving.Api.GetAsync($"{Pools}/web")).Expect(200).Json["spec"]!["disabled"]).ShouldNotBe(true);
    }

    [Fact]
    public async Task A_pool_that_has_the_name_of_a_part_stops_the_split_before_it_begins()
    {
        await _serving.StartAsync();
        (await _serving.Api.PostAsync(Pools, Pool("web", "10.1.0.0/24", 28))).Expect(201);
        (await _serving.Api.PostAsync(Pools, Pool("split-web-1", "10.9.0.0/24"))).Expect(201);

        (await _serving.Api.PostAsync("/ipam/v1/split", """{"pool": "web", "parts": 2}""")).Expect(409).Cause.ShouldBe("AlreadyExists");

        ((bool?)(await _serving.Api.GetAsync($"{Pools}/web")).Expect(200).Json["spec"]!["disabled"]).ShouldNotBe(true);
    }

    /// <summary>Assigns and releases until it is stopped, and tells how often it was given an address.</summary>
    private static async Task<int> LoadAsync(Api api, int client, CancellationToken stop)
    {
        var served = 0;
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            var handle = $"passes-{client}-{turn}";
            var assigned = await api.PostAsync("/ipam/v1/assign", Assign($"host-{client}", handle, ipv4: 3));
            if (assigned.Code != 200 || !assigned.Addresses("ipv4").Any())
            {
                // Between the disabling of the whole and its parts nobody is served; that is a definite answer, never a fault.
                assigned.Code.ShouldBeOneOf(200, 409, 422, 503);
                continue;
            }

            served++;
            (await api.PostAsync("/ipam/v1/release-handle", $$"""{"handle": "{{handle}}"}""")).Expect(200);
        }

        return served;
    }
}
