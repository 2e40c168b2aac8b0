using System.Collections.Immutable;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Members.SomeMembers;

namespace ActorIpam.JournalContract.Postgres;

/// <summary>What one assignment with its reason, its request, its release and its history takes in the tables.</summary>
public sealed class PostgresBytes
{
    private const int Count = 200, MostBytes = 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_assignment_with_its_history_takes_less_than_a_kilobyte()
    {
        await using var under = await PostgresSource.NewAsync();
        await using var member = Member.Start(new(under.Journal, ((IJournalUnderTest)under).Views, TimeProvider.System, new Luck()), new() { Name = "member-1" });
        Must(await member.Door.CreateAsync(new Node(new("worker-1.example.org"), new()), dryRun: false, Cancellation));
        Must(await member.Door.CreateAsync(new IpPool(new("web"), new() { Cidr = "10.0.0.0/16" }), dryRun: false, Cancellation));
        var before = await BytesAsync(under);
        for (var pod = 0; pod < Count; pod++)
        {
            var handle = $"k8s-pod-network.3f9a6c0e77b1{pod:0000}/eth0";
            var attributes = Metadata.EmptyMap.Add("namespace", "default").Add("pod", $"web-{pod:0000}").Add("node", "worker-1.example.org");
            Must(await member.Door.AssignAsync(new() { Host = "worker-1.example.org", Handle = handle, Ipv4 = 1, Attributes = attributes, IssuedAt = DateTimeOffset.UtcNow }, Cancellation));
            Must(await member.Door.ReleaseHandleAsync(new() { Handle = handle }, Cancellation));
        }

        var each = (await BytesAsync(under) - before) / Count;
        var release = await under.RunAsync($"select sum(pg_column_size(j.*)) / {Count} from journal j where events::text like '%AddressReleased%'");
        var grounds = await under.RunAsync($"select sum(length(event -> 'grounds' #>> '{{}}') + length(',\"grounds\":')) / {Count} from journal, json_array_elements(events) event where event -> 'grounds' is not null");
        TestContext.Current.SendDiagnosticMessage("{0} bytes an assignment with request and history, {1} of them its grounds; {2} more for the event of its release", each - release, grounds, release);
        (each - release).ShouldBeLessThan(MostBytes, $"{grounds} of them grounds; {release} more for the event of its release");
        grounds.ShouldBeInRange(20, 64);
    }

    private static async Task<long> BytesAsync(PostgresUnderTest under)
    {
        var sum = 0L;
        foreach (var table in ImmutableArray.Create("journal", "address", "address_history", "request", "handle"))
        {
            sum += await under.RunAsync($"select coalesce(sum(pg_column_size(t.*)), 0)::bigint from {table} t");
        }

        return sum;
    }

    private sealed class Luck : IChance
    {
        public Guid NewId() => Guid.NewGuid();

        public int Next(int limit) => Random.Shared.Next(limit);
    }
}
