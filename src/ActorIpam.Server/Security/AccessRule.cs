namespace ActorIpam.Server.Security;

/// <summary>Who may call a route. Operators may call every one.</summary>
/// <param name="Others">Viewers, allocators, both, or everybody.</param>
/// <param name="Own">How an allocator's call is bound to its own host, where allocators may call.</param>
internal sealed record AccessRule(Admitted Others, OwnHost Own = OwnHost.Never)
{
    /// <summary>Nobody is asked who they are: probes.</summary>
    public static readonly AccessRule Open = new(Admitted.Everybody, OwnHost.Irrelevant);

    /// <summary>Whoever has a role.</summary>
    public static readonly AccessRule AnyRole = new(Admitted.Viewer, OwnHost.Irrelevant);

    public static readonly AccessRule Viewer = new(Admitted.Viewer);

    /// <summary>Operators alone; also what a route gets that has no rule.</summary>
    public static readonly AccessRule Operator = new(Admitted.Nobody);

    public static AccessRule ViewerAndAllocator(OwnHost own) => new(Admitted.Viewer, own);

    public static AccessRule Allocator(OwnHost own) => new(Admitted.Nobody, own);

    /// <summary>For people: what a caller needs.</summary>
    public override string ToString() => (Others, Own) switch
    {
        (Admitted.Everybody, _) => "nothing",
        (Admitted.Viewer, OwnHost.Irrelevant) => "any role",
        (Admitted.Viewer, OwnHost.Never) => "viewer or operator",
        (Admitted.Viewer, _) => "viewer, operator, or allocator for its own host",
        (_, OwnHost.Never) => "operator",
        _ => "operator, or allocator for its own host",
    };
}

/// <summary>Who besides operators and allocators may call a route.</summary>
internal enum Admitted
{
    Nobody,
    Viewer,
    Everybody,
}

/// <summary>What makes an allocator's call one about its own host.</summary>
internal enum OwnHost
{
    /// <summary>Nothing does: allocators may not call.</summary>
    Never,

    /// <summary>The call is about no host.</summary>
    Irrelevant,

    /// <summary>The body's field <c>host</c>, judged where the body is read (<see cref="HostBinding"/>).</summary>
    InBody,

    /// <summary>The last variable part of the path.</summary>
    InPath,

    /// <summary>The query parameter <c>host</c>.</summary>
    InQuery,

    /// <summary>The query parameter <c>fieldSelector=metadata.name=HOST</c>.</summary>
    InSelector,

    /// <summary>Who holds the addresses, judged where they are found.</summary>
    InState,
}
