using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;

namespace ActorIpam.Domain.Garbage;

/// <summary>Whoever knows which workloads live: a container runtime's list, or an orchestrator.</summary>
public interface IWorkloads
{
    /// <summary>What is known of the workload that an address was assigned for.</summary>
    Sighting Of(AddressRow address);
}

/// <summary>What a source of workloads says about the holder of one address.</summary>
public abstract record Sighting
{
    private Sighting() { }

    /// <summary>The source does not speak about this address at all: it is neither released nor a reason to keep another.</summary>
    public sealed record Unjudged : Sighting
    {
        public static readonly Unjudged Instance = new();
    }

    /// <summary>The source cannot tell; then the address counts as used (semantics.md §12.2).</summary>
    public sealed record Unclear : Sighting
    {
        public static readonly Unclear Instance = new();
    }

    /// <summary>There is no such workload.</summary>
    public sealed record Missing : Sighting
    {
        public static readonly Missing Instance = new();
    }

    /// <param name="Host">Where it runs; null when that is not known.</param>
    /// <param name="HasEnded">It failed or was evicted, and never runs again.</param>
    /// <param name="Addresses">What it reports to use; null before it has reported anything.</param>
    public sealed record Seen(string? Host, bool HasEnded, ImmutableArray<IpAddress>? Addresses) : Sighting;
}
