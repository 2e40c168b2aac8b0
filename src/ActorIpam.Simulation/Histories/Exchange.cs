using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Simulation.Histories;

/// <summary>One question to one member, and its definite answer if there was one. An attempt that ended in "unavailable" has none.</summary>
/// <remarks>Instants are steps of the world: they order everything, where virtual time would tie.</remarks>
public abstract record Exchange(string Member, long Asked)
{
    public const long Never = long.MaxValue;

    /// <summary>When the answer arrived; <see cref="Never"/> if none did.</summary>
    public long Answered { get; init; } = Never;

    /// <summary>When it was said that the storage is full, which means that this attempt wrote nothing; <see cref="Never"/> if it was not.</summary>
    public long Declined { get; init; } = Never;

    /// <summary>It certainly reached nobody: the member was down, or closed its door or died before the question was there.</summary>
    public bool ReachedNobody { get; init; }

    public bool IsAnswered => Answered != Never;

    /// <summary>From when on it can do nothing any more; <see cref="Never"/> when it may sleep in a member that stands still.</summary>
    public long Over => Math.Min(Answered, Declined);

    public sealed record Assigning(string Member, long Asked, AssignRequest Request) : Exchange(Member, Asked)
    {
        public Answer<AssignAnswer> Answer { get; init; }
    }

    public sealed record AssigningGiven(string Member, long Asked, AssignIpRequest Request) : Exchange(Member, Asked)
    {
        public Answer<AssignedAddress> Answer { get; init; }
    }

    public sealed record Releasing(string Member, long Asked, ReleaseRequest Request) : Exchange(Member, Asked)
    {
        public Answer<ReleaseAnswer> Answer { get; init; }
    }

    public sealed record ReleasingHandle(string Member, long Asked, ReleaseHandleRequest Request) : Exchange(Member, Asked)
    {
        public Answer<ReleaseHandleAnswer> Answer { get; init; }
    }

    /// <summary>Blocks of a range were claimed for a host.</summary>
    public sealed record Claiming(string Member, long Asked, AffinityRequest Request) : Exchange(Member, Asked)
    {
        public Answer<AffinityAnswer> Answer { get; init; }
    }

    /// <summary>A host gave its blocks of a range back.</summary>
    public sealed record GivingBack(string Member, long Asked, AffinityRequest Request) : Exchange(Member, Asked)
    {
        public Answer<AffinityAnswer> Answer { get; init; }
    }

    /// <summary>A host was made sure to own a block.</summary>
    public sealed record Ensuring(string Member, long Asked, EnsureBlockRequest Request) : Exchange(Member, Asked)
    {
        public Answer<EnsureBlockAnswer> Answer { get; init; }
    }

    /// <summary>A container runtime said what it still has; the rest was released.</summary>
    public sealed record Collecting(string Member, long Asked, GarbageRequest Request) : Exchange(Member, Asked)
    {
        public Answer<GarbageAnswer> Answer { get; init; }
    }

    /// <summary>A part of a pool's split was done.</summary>
    public sealed record Splitting(string Member, long Asked, SplitRequest Request) : Exchange(Member, Asked)
    {
        public Answer<SplitAnswer> Answer { get; init; }
    }

    /// <summary>The routes of a node were asked for.</summary>
    public sealed record Routing(string Member, long Asked, string Node) : Exchange(Member, Asked)
    {
        public Answer<NodeRouting> Answer { get; init; }
    }

    /// <summary>A host told a restored journal what it holds.</summary>
    public sealed record Reporting(string Member, long Asked, RecoveryReport Request) : Exchange(Member, Asked)
    {
        public Answer<RecoveryReportAnswer> Answer { get; init; }
    }

    /// <summary>Somebody asked for the end of a recovery.</summary>
    public sealed record Ending(string Member, long Asked) : Exchange(Member, Asked)
    {
        public Answer<RecoveryView> Answer { get; init; }
    }

    /// <summary>A resource was created or replaced.</summary>
    public sealed record Storing(string Member, long Asked, Resource Resource) : Exchange(Member, Asked)
    {
        public Answer<Resource> Answer { get; init; }
    }

    /// <summary>A resource was deleted.</summary>
    public sealed record Deleting(string Member, long Asked, ResourceKind Kind, string Name) : Exchange(Member, Asked)
    {
        public Answer<Resource> Answer { get; init; }
    }
}
