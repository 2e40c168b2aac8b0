using System.Collections.Immutable;
using System.Text.Json;

namespace ActorIpam.Domain.Requests;

/// <summary>An actor of one member: what it remembers, and how many requests wait for it.</summary>
/// <param name="Stream">Its stream; for a host, which has no events, the head its claims raise.</param>
/// <param name="Kind">catalog, pool, block or host.</param>
/// <param name="Version">The version this member remembers; null when it remembers nothing.</param>
/// <param name="State">idle, busy (a turn decides on it), doubtful (a commit on it has an unknown outcome) or passive (nothing of it is remembered).</param>
/// <param name="Mailbox">Requests that wait for it. Only hosts have mailboxes.</param>
public sealed record ActorView(string Stream, string Kind, long? Version, string State, int Mailbox);

/// <summary>A page of actors in the order of their streams; <see cref="Continue"/> asks for the next one, null at the end.</summary>
public sealed record ActorList
{
    /// <summary>The member whose actors these are.</summary>
    public required string Member { get; init; }

    public required ImmutableArray<ActorView> Items { get; init; }

    public string? Continue { get; init; }
}

/// <summary>One actor, with the fold of its stream and what was recorded last.</summary>
public sealed record ActorDetail
{
    /// <summary>The member that was asked.</summary>
    public required string Member { get; init; }

    public required ActorView Actor { get; init; }

    /// <summary>The version of the stream in the journal.</summary>
    public required long Head { get; init; }

    /// <summary>The fold of the journal's rows, by name; empty for a stream without events.</summary>
    public required ImmutableSortedDictionary<string, string> Fold { get; init; }

    /// <summary>The last rows, oldest first.</summary>
    public required ImmutableArray<JournalEntry> Events { get; init; }
}

/// <summary>One row of the journal: what one unit recorded in one stream.</summary>
/// <param name="Stream">The stream.</param>
/// <param name="Version">The version it made, from 1.</param>
/// <param name="Commit">The unit; rows of other streams that became true with this one have the same.</param>
/// <param name="At">When it was decided, by the clock of the member.</param>
/// <param name="Member">Who decided it.</param>
/// <param name="Schema">The number of the events' schema.</param>
/// <param name="Events">The events, as they are stored.</param>
public sealed record JournalEntry(string Stream, long Version, string Commit, DateTimeOffset At, string Member, int Schema, JsonElement Events);

/// <summary>Some rows of the journal.</summary>
public sealed record JournalPage
{
    public required ImmutableArray<JournalEntry> Items { get; init; }

    /// <summary>Of one stream: the version to go on from, null at the end. Of all streams: the token that asks for what comes next.</summary>
    public string? Continue { get; init; }
}
