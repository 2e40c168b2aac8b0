using System.Collections.Immutable;

namespace ActorIpam.Domain.Requests;

/// <summary>Splits a pool into equal ones while it is in use (semantics.md §4.5). One call does a bounded part of the work: it is repeated until it is done.</summary>
public sealed record SplitRequest
{
    /// <summary>A pool's name, or its exact CIDR.</summary>
    public string? Pool { get; init; }

    /// <summary>A power of two, at least 2.</summary>
    public int Parts { get; init; }

    /// <summary>What the call before answered; null for the first. It only saves work: without it the call finds its place itself.</summary>
    public string? Continue { get; init; }
}

public sealed record SplitAnswer
{
    /// <summary>The pool is gone and its parts stand in its place.</summary>
    public bool Done { get; init; }

    /// <summary>The names of the parts, those that exist by now first.</summary>
    public ImmutableArray<string> Pools { get; init; } = [];

    /// <summary>How many of them exist.</summary>
    public int Created { get; init; }

    /// <summary>Blocks that this call moved.</summary>
    public int Moved { get; init; }

    /// <summary>Where the next call goes on; null from the start.</summary>
    public string? Continue { get; init; }
}
