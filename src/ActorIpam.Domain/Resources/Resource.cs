namespace ActorIpam.Domain.Resources;

/// <summary>A definition that users apply. What is null was not given; <see cref="ResourceDefaults"/> fills it before it is stored.</summary>
public abstract record Resource(Metadata Metadata)
{
    public abstract ResourceKind Kind { get; }
}

/// <summary>The kinds of <c>projectcalico.org/v3</c> this project keeps.</summary>
public enum ResourceKind
{
    IPPool,
    Node,
    IPReservation,
    IPAMConfiguration,
}
