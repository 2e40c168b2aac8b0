namespace ActorIpam.Domain.Access;

/// <summary>A bearer token as it is kept: everything about it but its text, which nobody can get back.</summary>
/// <param name="Name">Who it is for, unique among the tokens there are.</param>
/// <param name="Digest">SHA-256 of the token's text, 64 hexadecimal digits in lower case.</param>
/// <param name="Role">What its bearer may do.</param>
/// <param name="Host">The one host of an allocator; null for other roles.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">Who made it, as the audit log names callers.</param>
/// <param name="ExpiresAt">From then on it is worth nothing; null for never.</param>
public sealed record StoredToken(
    string Name, string Digest, AccessRole Role, string? Host, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt)
{
    /// <summary>The most tokens a cluster keeps: each member holds a copy of all of them.</summary>
    public const int Most = 10_000;

    public bool IsExpired(DateTimeOffset now) => ExpiresAt <= now;
}

/// <summary>Tells whether tokens were added or removed since they were read.</summary>
/// <remarks>
/// Numbers grow in the order in which tokens become visible, and are never given again. When the largest is unchanged nothing visible was added since,
/// so what is there now was there then; when the count is unchanged too, all that was there still is.
/// </remarks>
/// <param name="Count">How many tokens there are.</param>
/// <param name="Largest">The largest number among them; 0 without any.</param>
public readonly record struct TokenStamp(long Count, long Largest);
