using System.Collections.Immutable;

namespace ActorIpam.EventSourcing;

/// <summary>The table through which members know of each other: a row a member, beside the journal they share (protocol.md §4, Membership).</summary>
/// <remarks>
/// It is advice: no safety rests on it. A row may be lost when the database falls over; the next beat writes it again. Calls may run concurrently.
/// </remarks>
public interface IMemberTable
{
    /// <summary>Draws the incarnation of a process that joins: higher than any that was drawn before.</summary>
    /// <exception cref="JournalUnavailableException">The table did not answer.</exception>
    ValueTask<long> DrawIncarnationAsync(CancellationToken cancellation);

    /// <summary>Writes my row – unless a later incarnation has it – and reads all rows, as of one instant.</summary>
    /// <remarks>The time of the row is the table's clock, not the member's. A row that another asked to drain goes on draining.</remarks>
    /// <param name="mine">My row; its <see cref="MemberRow.At"/> is not looked at.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="JournalUnavailableException">The table did not answer.</exception>
    ValueTask<MembersRead> BeatAsync(MemberRow mine, CancellationToken cancellation);

    /// <summary>Asks a member to leave: its row drains from now on.</summary>
    /// <returns>False when there is no such row.</returns>
    /// <exception cref="JournalUnavailableException">The table did not answer.</exception>
    ValueTask<bool> AskToLeaveAsync(string name, CancellationToken cancellation);

    /// <summary>Deletes a row if it is still of this incarnation.</summary>
    /// <exception cref="JournalUnavailableException">The table did not answer.</exception>
    ValueTask RemoveAsync(string name, long incarnation, CancellationToken cancellation);
}

/// <summary>What a member says of itself.</summary>
/// <param name="Name">Its identity in the cluster.</param>
/// <param name="Incarnation">Which process of this name; a later one has a higher number.</param>
/// <param name="Address">Where other members reach it; empty when they do not.</param>
/// <param name="Protocol">Which version of what members say to each other it speaks.</param>
/// <param name="At">When the row was written, by the table's clock.</param>
/// <param name="IsDraining">It takes no new keys.</param>
public sealed record MemberRow(string Name, long Incarnation, string Address, int Protocol, DateTimeOffset At, bool IsDraining);

/// <summary>Everything the table holds, as of one instant.</summary>
/// <param name="Clock">The table's clock.</param>
/// <param name="Catalog">The head of the catalog.</param>
/// <param name="Rows">All rows, in the order of their names.</param>
public sealed record MembersRead(DateTimeOffset Clock, Head Catalog, ImmutableArray<MemberRow> Rows);
