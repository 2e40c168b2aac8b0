using System.Collections.Immutable;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Client.Answers;

/// <summary>What <c>GET addresses/{ip}</c> answers: the fields of an assigned address, as far as they apply, and its state.</summary>
public sealed record AddressView
{
    public required string Address { get; init; }

    /// <summary>assigned, cooling, reserved, free or outside.</summary>
    public required string State { get; init; }

    public string? Cidr { get; init; }

    public string? Block { get; init; }

    public string? Pool { get; init; }

    public string? Host { get; init; }

    public string? Handle { get; init; }

    public bool? Borrowed { get; init; }

    public long? Generation { get; init; }

    public ImmutableSortedDictionary<string, string>? Attributes { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>Why it was given; null when it is not held, or when the journal no longer keeps that.</summary>
    public GrantReason? Reason { get; init; }

    public static AddressView Of(AddressState state) => new()
    {
        Address = state.Address,
        State = state.State,
        Cidr = state.Assignment?.Cidr,
        Block = state.Block ?? state.Assignment?.Block,
        Pool = state.Pool ?? state.Assignment?.Pool,
        Host = state.Assignment?.Host,
        Handle = state.Assignment?.Handle,
        Borrowed = state.Assignment?.Borrowed,
        Generation = state.Assignment?.Generation,
        Attributes = state.Assignment?.Attributes,
        Since = state.Assignment?.Since,
        Reason = state.Reason,
    };
}
