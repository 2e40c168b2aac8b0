using System.Collections.Immutable;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Client.Answers;

/// <summary>A page of held addresses.</summary>
public sealed record AddressPage
{
    public required ImmutableArray<AssignedAddress> Items { get; init; }

    /// <summary>Asks for the next page; null at the end.</summary>
    public string? Continue { get; init; }
}

/// <summary>Every holder of an address, oldest first.</summary>
public sealed record HeldIntervals
{
    public required ImmutableArray<HeldInterval> Items { get; init; }
}

public sealed record BlockViews
{
    public required ImmutableArray<BlockView> Items { get; init; }
}

/// <summary>The use of pools, in the order of their names; blocks in no pool last, under no name.</summary>
public sealed record Utilizations
{
    public required ImmutableArray<Utilization> Items { get; init; }
}
