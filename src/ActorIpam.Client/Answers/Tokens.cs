using System.Collections.Immutable;

namespace ActorIpam.Client.Answers;

/// <summary>Asks for a bearer token (<c>POST /ipam/v1/tokens</c>).</summary>
public sealed record TokenRequest
{
    /// <summary>Who it is for: 1 to 100 letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; unique among the tokens there are.</summary>
    public string? Name { get; init; }

    /// <summary>viewer, allocator or operator.</summary>
    public string? Role { get; init; }

    /// <summary>The host of an allocator, and of nobody else.</summary>
    public string? Host { get; init; }

    /// <summary>How long it lasts, 1 second to 10 years; null for ever.</summary>
    public long? ExpiresInSeconds { get; init; }
}

/// <summary>A new token, the only time its text is told.</summary>
public sealed record TokenGrant
{
    /// <summary>What its bearer presents.</summary>
    public required string Token { get; init; }

    public required TokenView About { get; init; }
}

/// <summary>A token without its text, which nobody has kept.</summary>
public sealed record TokenView
{
    public required string Name { get; init; }

    public required string Role { get; init; }

    public string? Host { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The caller who asked for it, as the audit log names callers.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public required bool Expired { get; init; }
}

/// <summary>All tokens, by name.</summary>
public sealed record TokenViews
{
    public required ImmutableArray<TokenView> Items { get; init; }
}

/// <summary>Who the caller is to the member, and what it may call (<c>GET /ipam/v1/access</c>).</summary>
public sealed record AccessView
{
    /// <summary>As the audit log names it: <c>token:ci</c>, <c>certificate:rack-1</c>, <c>uid:0</c>, <c>bootstrap</c> or <c>anonymous</c>.</summary>
    public required string Identity { get; init; }

    public required string Role { get; init; }

    /// <summary>The host of an allocator.</summary>
    public string? Host { get; init; }

    /// <summary>Every route there is, by path and method.</summary>
    public required ImmutableArray<RouteAccess> Routes { get; init; }
}

/// <param name="Method">The HTTP method; <c>*</c> for any.</param>
/// <param name="Path">With variable parts in braces.</param>
/// <param name="Needs">What a caller needs, for people.</param>
public sealed record RouteAccess(string Method, string Path, string Needs);
