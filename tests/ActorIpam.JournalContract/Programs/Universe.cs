using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.EventSourcing;

namespace ActorIpam.JournalContract.Programs;

/// <summary>The names a random program draws from: few, so that its units meet, and some at the edges of what there is.</summary>
internal static class Universe
{
    /// <summary>Ranges that could be blocks; none overlaps another.</summary>
    public static readonly ImmutableArray<Cidr> Blocks =
    [
        .. Cidrs("0.0.0.0/30", "10.0.0.0/30", "10.0.0.4/30", "10.0.0.8/30", "10.0.0.16/28", "10.0.0.64/26", "10.9.0.0/24", "255.255.255.252/30"),
        .. Cidrs("::/126", "fd00::/126", "fd00::4/126", "fd00::100/120", "fd00:0:0:1::/124", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffc/126"),
    ];

    /// <summary>Ranges to ask about: around, inside, beside and exactly blocks.</summary>
    public static readonly ImmutableArray<Cidr> Ranges =
    [
        .. Cidrs("0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/28", "10.0.0.0/29", "10.0.0.20/30", "10.0.0.80/32", "10.9.0.0/16", "192.168.0.0/16", "255.255.255.255/32"),
        .. Cidrs("::/0", "fd00::/48", "fd00::/125", "fd00::180/128", "fe80::/10", "ffff::/16"),
    ];

    public static readonly ImmutableArray<StreamId> Journaled = [.. Blocks[..6].Select(block => new StreamId($"block/{block}")), new("pool/p1"), new("catalog")];

    public static readonly ImmutableArray<StreamId> Raised = [new("policy"), new("node/a"), new("host/host:a"), new("host/virtual:lb")];

    public static readonly ImmutableArray<StreamId> Streams = [.. Journaled, .. Raised, new("node/never")];

    public static readonly ImmutableArray<string> Handles = ["web", "db", "Web", "größe/✓", "k8s-pod-network.0123456789abcdef"];

    public static readonly ImmutableArray<string> Requests = ["r0", "r1", "r2", "r3", "r4"];

    public static readonly ImmutableArray<Owner> Owners = [Owner.Host("a"), Owner.Host("b"), Owner.Virtual("lb")];

    public static readonly ImmutableArray<string> Kinds = ["IPPool", "Node"];

    /// <summary>The first four and the last address of each possible block.</summary>
    public static readonly ImmutableArray<IpAddress> Addresses =
        [.. Blocks.SelectMany(block => Enumerable.Range(0, 4).Select(ordinal => block.First.Plus((uint)ordinal)).Append(block.Last)).Distinct()];

    /// <summary>A moment on a scale so coarse that moments are often equal.</summary>
    public static DateTimeOffset Moment(int tick) => new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMicroseconds(1_000_001L * tick);

    public static Cidr BlockOf(IpAddress ip) => Blocks.Single(block => block.Contains(ip));

    private static IEnumerable<Cidr> Cidrs(params string[] texts) => texts.Select(Cidr.Parse);
}
