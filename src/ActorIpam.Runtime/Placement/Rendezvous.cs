using System.Text;

namespace ActorIpam.Runtime.Placement;

/// <summary>Whose a key is: each member draws a number for it by a hash of both, and the highest has it (rendezvous hashing).</summary>
/// <remarks>
/// Pure, and the same on every machine and in every version: members that see the same names agree. When a member goes its keys scatter
/// over the others and no other key moves; when one comes it takes its share from all.
/// </remarks>
public static class Rendezvous
{
    private const ulong OffsetBasis = 14_695_981_039_346_656_037, Prime = 1_099_511_628_211;

    /// <param name="key">What is placed.</param>
    /// <param name="members">The names to choose from, in any order, each once.</param>
    /// <returns>The owner's name; null when there is nobody.</returns>
    public static string? OwnerOf(string key, IEnumerable<string> members)
    {
        string? owner = null;
        var highest = 0UL;
        foreach (var member in members)
        {
            var drawn = Draw(member, key);
            if (owner is null || drawn > highest || (drawn == highest && string.CompareOrdinal(member, owner) < 0))
            {
                (owner, highest) = (member, drawn);
            }
        }

        return owner;
    }

    private static ulong Draw(string member, string key) => unchecked(Mixed(Hash(member) ^ Mixed(Hash(key))));

    /// <summary>FNV-1a over UTF-8.</summary>
    private static ulong Hash(string text)
    {
        var hash = OffsetBasis;
        foreach (var unit in Encoding.UTF8.GetBytes(text))
        {
            hash = unchecked((hash ^ unit) * Prime);
        }

        return hash;
    }

    /// <summary>FNV alone leaves names that differ in their last letter close together; two rounds of multiply and shift spread them.</summary>
    private static ulong Mixed(ulong hash) => unchecked(Shifted(Shifted(Shifted(hash, 30) * 0xBF58_476D_1CE4_E5B9, 27) * 0x94D0_49BB_1331_11EB, 31));

    private static ulong Shifted(ulong hash, int bits) => hash ^ (hash >> bits);
}
