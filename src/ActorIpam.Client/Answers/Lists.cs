using System.Collections.Immutable;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Client.Answers;

/// <summary>A page of held addresses; <paramref name="Continue"/> asks for the next one, null at the end.</summary>
public sealed record AddressPage(ImmutableArray<AssignedAddress> Items, string? Continue);

/// <summary>Every holder of an address, oldest first.</summary>
public sealed record HeldIntervals(ImmutableArray<HeldInterval> Items);

public sealed record BlockViews(ImmutableArray<BlockView> Items);

/// <summary>The use of pools, in the order of their names; blocks in no pool last, under no name.</summary>
public sealed record Utilizations(ImmutableArray<Utilization> Items);
