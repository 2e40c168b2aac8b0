using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Ingest;

/// <summary>What an input gave: all its resources in order, or everything that keeps it from being read.</summary>
/// <param name="Resources">Empty when there are problems: nothing of a broken input is used.</param>
/// <param name="Problems">Empty when it was read.</param>
public sealed record Ingestion(ImmutableArray<IngestedResource> Resources, ImmutableArray<Problem> Problems)
{
    public bool IsBroken => !Problems.IsEmpty;

    /// <summary>True when it was readable but holds no resource.</summary>
    public bool IsEmpty => Resources.IsEmpty && Problems.IsEmpty;
}

/// <summary>One resource and the place it was written at, so that what is found wrong with it later can be shown there.</summary>
public sealed class IngestedResource
{
    private readonly SourceNode _node;

    internal IngestedResource(Resource resource, string source, SourceNode node)
    {
        Resource = resource;
        Source = source;
        _node = node;
    }

    public Resource Resource { get; }

    /// <summary>The file, or <c>-</c>.</summary>
    public string Source { get; }

    /// <summary>Where the resource starts.</summary>
    public Position At => _node.At;

    /// <summary>The refusal at the place of its field; of the nearest enclosing field that was written when the field itself is missing.</summary>
    public Problem Locate(Refusal refusal) => Locate(refusal.Field, refusal.Message);

    /// <inheritdoc cref="Locate(Refusal)"/>
    public Problem Locate(string? field, string message) => new(Source, _node.Find(field).At, field, message);
}
