using System.Globalization;
using ActorIpam.Chaos.Load;

namespace ActorIpam.Chaos.Judging;

/// <summary>What one round of a client came to: a request for addresses, and the release of what it was told.</summary>
/// <param name="Client">Whose round.</param>
/// <param name="Number">Which of his.</param>
/// <param name="Issued">The time of issue of its request, in microseconds.</param>
internal readonly record struct Round(int Client, int Number, long Issued)
{
    /// <summary>What the first definite answer granted.</summary>
    public Held[] Told { get; init; } = [];

    /// <summary>Something definite was answered to its request.</summary>
    public bool IsTold { get; init; }

    /// <summary>Attempts at its request that told nothing: they may be granted later than the last answer.</summary>
    public int Silent { get; init; }

    /// <summary>When its release was answered, by which nothing is held any more; 0 if it asked for none.</summary>
    public long Over { get; init; }

    public override string ToString() => Ledger.Request(Client, Number);
}

/// <summary>The rounds of all clients, by what the database knows of them: handle and time of issue.</summary>
internal sealed class Rounds
{
    private static readonly Comparer<Round> ByIssue = Comparer<Round>.Create((one, other) => one.Issued.CompareTo(other.Issued));

    private readonly Dictionary<int, List<Round>> _of = [];

    /// <summary>Takes note of an attempt; those of one client come in the order in which they were made.</summary>
    public void Note(int client, Entry entry)
    {
        if (!_of.TryGetValue(client, out var rounds))
        {
            _of.Add(client, rounds = []);
        }

        if (entry.Round == rounds.Count)
        {
            rounds.Add(new(client, entry.Round, entry.Issued));
        }

        var round = rounds[entry.Round];
        rounds[entry.Round] = entry switch
        {
            { Kind: Asking.Assign, IsAnswered: false } => round with { Silent = round.Silent + 1 },
            { Kind: Asking.Assign } => round.IsTold ? round : round with { IsTold = true, Told = entry.Addresses },
            { IsAnswered: true } => round with { Over = entry.Answered },
            _ => round,
        };
    }

    /// <summary>The round whose request had this handle and this time of issue; null if nobody asked for that.</summary>
    public Round? Find(string? handle, long issued)
    {
        if (handle?.Split('-') is not ["pod", var number, _] || !int.TryParse(number, CultureInfo.InvariantCulture, out var client) || !_of.TryGetValue(client, out var rounds))
        {
            return null;
        }

        var place = rounds.BinarySearch(new(client, 0, issued), ByIssue);
        return place >= 0 && Ledger.Handle(client, place) == handle ? rounds[place] : null;
    }
}
