using System.Collections.Immutable;
using ActorIpam.Domain.Access;

namespace ActorIpam.Engine.InMemory;

/// <summary>Tokens in memory, lost with the process: what the contract holds the stores against.</summary>
public sealed class MemoryTokens : ITokens
{
    private readonly Lock _gate = new();
    private ImmutableSortedDictionary<string, (long Number, StoredToken Token)> _tokens = ImmutableSortedDictionary.Create<string, (long, StoredToken)>(StringComparer.Ordinal);
    private long _last;

    public ValueTask<TokenStamp> StampAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new(Stamp());
        }
    }

    public ValueTask<(TokenStamp Stamp, ImmutableArray<StoredToken> Tokens)> AllAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return new((Stamp(), [.. _tokens.Values.Select(kept => kept.Token)]));
        }
    }

    public ValueTask<TokenAddition> AddAsync(StoredToken token, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_tokens.ContainsKey(token.Name))
            {
                return new(TokenAddition.NameTaken);
            }

            if (_tokens.Count >= StoredToken.Most)
            {
                return new(TokenAddition.TooMany);
            }

            _tokens = _tokens.Add(token.Name, (++_last, token));
            return new(TokenAddition.Added);
        }
    }

    public ValueTask<bool> RemoveAsync(string name, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var known = _tokens.ContainsKey(name);
            _tokens = _tokens.Remove(name);
            return new(known);
        }
    }

    private TokenStamp Stamp() => new(_tokens.Count, _tokens.IsEmpty ? 0 : _tokens.Values.Max(kept => kept.Number));
}
