using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.InMemory;
using ActorIpam.Runtime;
using BenchmarkDotNet.Attributes;

namespace ActorIpam.Benchmarks;

/// <summary>The whole way of an assignment through a member, from the door to the journal in memory and back, for 64 clients of 50 hosts at once.</summary>
public class AssigningBenchmarks
{
    private const int Clients = 64, Hosts = 50;

    private Member? _member;
    private long _count;

    [GlobalSetup]
    public async Task PrepareAsync()
    {
        var journal = new MemoryJournal();
        _member = Member.Start(new(journal, journal, TimeProvider.System, new Luck()), new() { Name = "m1" });
        await CreateAsync($$$"""{"apiVersion":"{{{ResourceKinds.ApiVersion}}}","kind":"IPPool","metadata":{"name":"p"},"spec":{"cidr":"10.0.0.0/8","blockSize":24}}""");
        for (var host = 0; host < Hosts; host++)
        {
            await CreateAsync($$$"""{"apiVersion":"{{{ResourceKinds.ApiVersion}}}","kind":"Node","metadata":{"name":"{{{Name(host)}}}"},"spec":{}}""");
        }
    }

    [GlobalCleanup]
    public async Task CleanUpAsync() => await _member!.DisposeAsync();

    [Benchmark(OperationsPerInvoke = Clients)]
    public Task Assign() => Task.WhenAll(Enumerable.Range(0, Clients).Select(client => AssignAsync(Name(client % Hosts))));

    private static string Name(int host) => FormattableString.Invariant($"node-{host}");

    private async Task AssignAsync(string host)
    {
        var handle = FormattableString.Invariant($"k8s-pod-network.{Interlocked.Increment(ref _count):000000000}");
        var answer = await _member!.Door.AssignAsync(
            new() { Host = host, Handle = handle, Ipv4 = 1, Use = "Workload", RequestId = handle, IssuedAt = DateTimeOffset.UtcNow, MaxBlocks = int.MaxValue }, CancellationToken.None);
        if (answer.IsRefused || answer.Value.Ipv4.Length != 1)
        {
            throw new InvalidOperationException($"{handle} was not granted one address.");
        }
    }

    private async Task CreateAsync(string text)
    {
        using var document = System.Text.Json.JsonDocument.Parse(text);
        _ = (await _member!.Door.CreateAsync(ResourceJson.Read(document.RootElement).Value, dryRun: false, CancellationToken.None)).Value;
    }
}
