using System.Collections.Immutable;

namespace ActorIpam.Engine.Counting;

/// <summary>A count for each of a few words that are known beforehand; whatever else is named counts under the last one.</summary>
/// <remarks>Adding takes no lock and no memory. A reader sees each count at some instant, not all of them at one.</remarks>
public sealed class WordCounts
{
    private readonly long[] _counts;

    /// <param name="words">At least one.</param>
    public WordCounts(params ImmutableArray<string> words)
    {
        ArgumentOutOfRangeException.ThrowIfZero(words.Length, nameof(words));
        Words = words;
        _counts = new long[words.Length];
    }

    public ImmutableArray<string> Words { get; }

    /// <summary>The count of a word that is known; 0 for any other.</summary>
    public long this[string word] => Words.IndexOf(word, StringComparer.Ordinal) is >= 0 and var place ? Interlocked.Read(ref _counts[place]) : 0;

    public void Add(string word, long count = 1)
    {
        var place = Words.IndexOf(word, StringComparer.Ordinal);
        Interlocked.Add(ref _counts[place < 0 ? _counts.Length - 1 : place], count);
    }
}
