using System.Collections.Immutable;

namespace ActorIpam.Ingest;

/// <summary>Collects the members of one mapping and refuses what JSON's model cannot hold: a key twice, an empty or an endless key.</summary>
internal sealed class MappingBuilder(Position at)
{
    private const int MaxKeyLength = 1024;

    private readonly ImmutableArray<SourceNode.Member>.Builder _members = ImmutableArray.CreateBuilder<SourceNode.Member>();
    private readonly Dictionary<string, Position> _seen = new(StringComparer.Ordinal);

    /// <summary>Must be called before the value is read, so that the first of two problems is told.</summary>
    public void Claim(string key, Position keyAt)
    {
        if (key.Length is 0 or > MaxKeyLength)
        {
            throw new UnreadableException(keyAt, key.Length == 0 ? "A field without a name." : $"A field's name may have at most {MaxKeyLength} characters.");
        }

        if (!_seen.TryAdd(key, keyAt))
        {
            throw new UnreadableException(keyAt, $"'{key}' is given twice; the first is in line {_seen[key].Line}.");
        }
    }

    public void Add(string key, SourceNode value) => _members.Add(new(key, _seen[key], value));

    public SourceNode.Mapping Build() => new(at, _members.ToImmutable());
}
