namespace ActorIpam.EventSourcing;

/// <summary>The name of one unit, chosen once by its writer. A unit that is sent again keeps it, so that it can be recognised.</summary>
public readonly record struct CommitId(Guid Value)
{
    public override string ToString() => Value.ToString("N");
}

/// <summary>Where a stream stands: the number of appends (or raises) it has seen and the unit that made the last one.</summary>
/// <remarks>
/// Both parts are compared. A database that was restored and moved on reuses versions with other events; the commit id tells them apart.
/// </remarks>
public readonly record struct Head(long Version, CommitId Commit)
{
    /// <summary>The head of a stream nobody has written: (0, zero).</summary>
    public static Head None => default;

    public Head Next(CommitId commit) => new(Version + 1, commit);
}
