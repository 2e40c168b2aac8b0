namespace ActorIpam.Domain.Access;

/// <summary>What a caller may do (protocol.md §6, Security). The words of the wire are the names in lower case.</summary>
public enum AccessRole
{
    /// <summary>Looks at everything but tokens, and changes nothing.</summary>
    Viewer,

    /// <summary>Assigns and releases for one host, and looks at what is that host's.</summary>
    Allocator,

    /// <summary>Everything.</summary>
    Operator,
}

/// <summary>Roles as words.</summary>
public static class AccessRoles
{
    /// <summary>All words, for messages.</summary>
    public const string Words = "viewer, allocator or operator";

    /// <summary>The word of a role, such as <c>viewer</c>.</summary>
    public static string Word(this AccessRole role) => role switch
    {
        AccessRole.Viewer => "viewer",
        AccessRole.Allocator => "allocator",
        AccessRole.Operator => "operator",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
    };

    /// <summary>The role of a word; null when it is none.</summary>
    public static AccessRole? Parse(string? word) => word switch
    {
        "viewer" => AccessRole.Viewer,
        "allocator" => AccessRole.Allocator,
        "operator" => AccessRole.Operator,
        _ => null,
    };
}
