using ActorIpam.Domain.Access;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage;

/// <summary>Tokens as the tables keep them.</summary>
internal static class TokenRows
{
    /// <summary>Leaves out the tokens of roles that a newer release knows and this one does not: their bearers get nothing by guess.</summary>
    public const string Readable = "role in ('viewer', 'allocator', 'operator')";

    public static AccessRole Role(string word) => AccessRoles.Parse(word) ?? throw new InvariantViolationException("INV-7", $"the role '{word}' was not to be read.");
}
