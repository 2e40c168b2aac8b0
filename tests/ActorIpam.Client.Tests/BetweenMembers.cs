using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ActorIpam.Client.Json;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using Shouldly;
using Xunit;

namespace ActorIpam.Client.Tests;

/// <summary>What members forward to each other arrives as it was sent: the digest of a request must be the same wherever it is served.</summary>
public sealed class BetweenMembers
{
    [Fact]
    public void A_request_with_everything_and_one_with_nothing_arrive_as_they_are()
    {
        Arrives(new() { Use = null }, ApiJson.Default.AssignRequest).Use.ShouldBeNull();
        Arrives(new(), ApiJson.Default.AssignRequest).Use.ShouldBe("Workload");
        var all = new AssignRequest
        {
            Host = "node-a",
            Handle = "h",
            Ipv4 = 2,
            Ipv6 = 1,
            Ipv4Pools = ["web"],
            Use = "Tunnel",
            MaxBlocks = 3,
            MaxPerHandle = 4,
            HostReservedIpv4 = new(1, 2, "own"),
            Os = "linux",
            RequestId = "r",
            IssuedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)).AddTicks(1234567),
            AllOrNothing = true,
        };
        var arrived = Arrives(all, ApiJson.Default.AssignRequest);
        arrived.IssuedAt.ShouldBe(all.IssuedAt);
        arrived.HostReservedIpv4.ShouldBe(all.HostReservedIpv4);
        Arrives(new() { Ip = "10.0.0.1", Host = "node-a" }, ApiJson.Default.AssignIpRequest).Ip.ShouldBe("10.0.0.1");
    }

    [Fact]
    public void What_the_first_door_saw_stands_beside_the_release()
    {
        var seen = Arrives(
            new() { Release = new() { Addresses = [new("10.0.0.1", "h", 7), new("10.0.0.2")], RequestId = "r" }, Seen = [7, null], Blocks = ["10.0.0.0/26", null] }, ApiJson.Default.SeenRelease);
        seen.Seen.ShouldBe([7, null]);
        seen.Blocks.ShouldBe(["10.0.0.0/26", null]);
        seen.Release.Addresses.ShouldBe([new("10.0.0.1", "h", 7), new("10.0.0.2")]);
    }

    [Fact]
    public void An_answer_with_a_refusal_beside_a_partial_result_arrives_as_it_is()
    {
        var refusal = new Refusal(RefusalCode.BlockLimit, "Enough.", "maxBlocks");
        Arrives(new() { Messages = [new("block_limit:1", "Enough.", 4)], Refusal = refusal }, ApiJson.Default.AssignAnswer).Refusal.ShouldBe(refusal);
    }

    /// <summary>Sent and read; whatever is sent on from there is the same text.</summary>
    private static T Arrives<T>(T sent, JsonTypeInfo<T> shape)
    {
        var text = JsonSerializer.Serialize(sent, shape);
        var arrived = JsonSerializer.Deserialize(text, shape)!;
        JsonSerializer.Serialize(arrived, shape).ShouldBe(text);
        return arrived;
    }
}
