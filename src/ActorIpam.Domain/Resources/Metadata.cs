using System.Collections.Immutable;

namespace ActorIpam.Domain.Resources;

/// <summary>What every resource carries, as in Kubernetes.</summary>
/// <param name="Name">1 to 253 characters: letters of either case, digits, <c>-</c>, <c>_</c>, <c>.</c> (semantics.md §2.1).</param>
public sealed record Metadata(string Name)
{
    /// <summary>Set by the catalog on creation.</summary>
    public string? Uid { get; init; }

    /// <summary>The version of the catalog that last changed this resource; null in a manifest that does not care.</summary>
    public long? ResourceVersion { get; init; }

    /// <summary>Set by the catalog on creation.</summary>
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>Always null in what is stored: all kinds are cluster-wide. Kept so that a given one can be refused.</summary>
    public string? Namespace { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = EmptyMap;

    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = EmptyMap;

    /// <summary>An empty map in ordinal order: the order in which maps are stored and shown.</summary>
    public static ImmutableSortedDictionary<string, string> EmptyMap { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
