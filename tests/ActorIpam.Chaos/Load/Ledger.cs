using System.Globalization;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;

namespace ActorIpam.Chaos.Load;

/// <summary>What one client asked and was told, in its order. An hour of a thousand requests a second is some millions of attempts: each is kept in about a hundred bytes.</summary>
/// <remarks>Written by its client alone, and read when that has ended.</remarks>
internal sealed class Ledger(int client)
{
    /// <summary>So many handles a client uses in turn.</summary>
    public const int Handles = 7;

    private readonly List<Entry> _entries = [];
    private readonly List<Wait> _waits = [];
    private int _lastGranted = -1;

    public int Client => client;

    public IReadOnlyList<Entry> Entries => _entries;

    public IReadOnlyList<Wait> Waits => _waits;

    /// <summary>So many addresses it was granted, each counted when it was told first.</summary>
    public int Granted { get; private set; }

    public void Add(Entry entry)
    {
        if (entry is { Kind: Asking.Assign, Addresses.Length: > 0 } && entry.Round != _lastGranted)
        {
            _lastGranted = entry.Round;
            Granted += entry.Addresses.Length;
        }

        _entries.Add(entry);
    }

    public void Add(Wait wait) => _waits.Add(wait);

    /// <summary>The handle of a client's round; rounds count from 0.</summary>
    public static string Handle(int client, int round) => string.Create(CultureInfo.InvariantCulture, $"pod-{client}-{round % Handles}");

    /// <summary>The id of the round's request for addresses.</summary>
    public static string Request(int client, int round) => string.Create(CultureInfo.InvariantCulture, $"{Handle(client, round)}-{round + 1}");

    /// <summary>The id of the release of what that granted.</summary>
    public static string Release(int client, int round) => "r-" + Request(client, round);
}

internal enum Asking : byte
{
    Assign,
    Release,
    ReleaseFinally,
}

/// <summary>One attempt at one member; without an answer its effect may still come at any time. Instants are microseconds since 1970 of the one clock that all processes here share.</summary>
/// <param name="Kind">What was asked.</param>
/// <param name="Round">For which round of the client.</param>
/// <param name="Member">The number of the member that was asked.</param>
/// <param name="Issued">The time of issue that the request carries; 0 for a plain release.</param>
/// <param name="Asked">When it was sent.</param>
internal readonly record struct Entry(Asking Kind, int Round, byte Member, long Issued, long Asked)
{
    /// <summary>When something definite was answered; 0 if nothing was.</summary>
    public long Answered { get; init; }

    public RefusalCode? Refusal { get; init; }

    /// <summary>What was granted; what a plain release names.</summary>
    public Held[] Addresses { get; init; } = [];

    /// <summary>Of those that a plain release names, the ones that were said to be released: one bit each.</summary>
    public ulong Released { get; init; }

    public bool IsAnswered => Answered != 0;
}

/// <summary>An address under its generation.</summary>
internal readonly record struct Held(IpAddress Ip, long Generation)
{
    public static Comparer<Held> ByAddress { get; } = Comparer<Held>.Create((one, other) => one.Ip.CompareTo(other.Ip));

    public override string ToString() => $"{Ip} g{Generation}";
}
