using System.Collections.Immutable;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Access;

/// <summary>Where tokens are kept: beside the journal, shared by its members.</summary>
/// <remarks>
/// What was answered is durable and seen by every later call of every member. A revoked token is removed: there is nothing to tell it from one that never was.
/// All methods throw <see cref="JournalUnavailableException"/> when the store does not answer; after an add or a remove the outcome is then unknown.
/// </remarks>
public interface ITokens
{
    /// <summary>Cheap enough to be asked every other second.</summary>
    ValueTask<TokenStamp> StampAsync(CancellationToken cancellation);

    /// <summary>All tokens in the ordinal order of their names, and the stamp they were read under, of one instant.</summary>
    ValueTask<(TokenStamp Stamp, ImmutableArray<StoredToken> Tokens)> AllAsync(CancellationToken cancellation);

    /// <summary>Adds a token, unless its name is taken or there are <see cref="StoredToken.Most"/> already.</summary>
    ValueTask<TokenAddition> AddAsync(StoredToken token, CancellationToken cancellation);

    /// <returns>False when there is none of this name.</returns>
    ValueTask<bool> RemoveAsync(string name, CancellationToken cancellation);
}

/// <summary>What became of an added token.</summary>
public enum TokenAddition
{
    Added,
    NameTaken,
    TooMany,
}
