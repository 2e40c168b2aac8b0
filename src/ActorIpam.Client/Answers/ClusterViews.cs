using System.Collections.Immutable;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Client.Answers;

/// <summary>The members of the cluster, as the member that answers sees them.</summary>
public sealed record ClusterMembers
{
    /// <summary>In the order of their names; a member that is alone lists itself.</summary>
    public required ImmutableArray<ClusterMember> Items { get; init; }
}

/// <summary>One member, as another sees it.</summary>
public sealed record ClusterMember
{
    public required string Name { get; init; }

    /// <summary>Where other members reach it; null when they do not.</summary>
    public string? Address { get; init; }

    /// <summary>Which process of this name it is; null for a member without a member table.</summary>
    public long? Incarnation { get; init; }

    /// <summary>The version of what members say to each other that it speaks.</summary>
    public int Schema { get; init; }

    /// <summary>How long ago it wrote its row, in seconds, when the newest row was written.</summary>
    public double AgeSeconds { get; init; }

    /// <summary><c>alive</c>, <c>draining</c> or <c>dead</c>.</summary>
    public required string State { get; init; }

    /// <summary>It is about to leave: no keys are placed on it.</summary>
    public bool Draining { get; init; }

    /// <summary>It did not answer the member that is asked here, which leaves it in peace for some seconds.</summary>
    public bool Suspect { get; init; }

    /// <summary>It is the member that answers.</summary>
    public bool Me { get; init; }
}

/// <summary>Which member owns how many keys, and how much it has to do.</summary>
public sealed record Shards
{
    /// <summary>In the order of their names.</summary>
    public required ImmutableArray<Shard> Items { get; init; }
}

/// <summary>The keys of one member.</summary>
public sealed record Shard
{
    public required string Member { get; init; }

    /// <summary>Hosts and virtual holders: those with a Node or a block.</summary>
    public int Hosts { get; init; }

    public int Pools { get; init; }

    /// <summary>Blocks that have lost their owner and still hold addresses.</summary>
    public int OrphanBlocks { get; init; }

    public bool Catalog { get; init; }

    /// <summary>How much it has to do; null when it did not answer.</summary>
    public MemberFigures? Figures { get; init; }
}
