using ActorIpam.Domain.Views;
using ActorIpam.Engine.Door;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine;

/// <summary>One process of the cluster: the actors it activates, its group commit and its door, on the ports it was given.</summary>
public sealed class Member : IAsyncDisposable
{
    private Member(IpamDoor door) => Door = door;

    public IpamDoor Door { get; }

    /// <param name="ports">Where it writes, reads, takes time and chance from.</param>
    /// <param name="options">Its name and its bounds.</param>
    public static Member Start(MemberPorts ports, MemberOptions options) => throw new NotImplementedException();

    /// <summary>Takes no new work, finishes what it has, and stops.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Everything a member touches outside its own memory.</summary>
public sealed record MemberPorts(IJournal Journal, IViews Views, TimeProvider Time, IChance Chance);

/// <summary>A member's name and every bound it keeps.</summary>
public sealed record MemberOptions
{
    /// <summary>Its identity in the cluster, written into every journal row.</summary>
    public required string Name { get; init; }

    /// <summary>How long a request may take before it is answered with "unavailable".</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
