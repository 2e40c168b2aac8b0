using System.Collections.Immutable;
using ActorIpam.EventSourcing;

namespace ActorIpam.Runtime.Membership;

/// <summary>What a member knows of all members, as of its last beat.</summary>
/// <param name="Rows">All rows of the table, in the order of their names.</param>
/// <param name="Catalog">The head of the catalog.</param>
/// <param name="ClockError">How far the member's clock is ahead of the table's at least; negative when it is behind.</param>
public sealed record MembersSeen(ImmutableArray<MemberRow> Rows, Head Catalog, TimeSpan ClockError)
{
    /// <summary>Before the first beat.</summary>
    public static MembersSeen Nobody { get; } = new([], Head.None, TimeSpan.Zero) { Placed = [] };

    /// <summary>The members that keys are placed on: alive, reachable, not about to leave, and understood; in the order of their names.</summary>
    public ImmutableArray<MemberRow> Placed { get; private init; }

    /// <param name="read">What the table held.</param>
    /// <param name="options">Whose look it is: who is alive and understood.</param>
    /// <param name="clockError">How far the member's clock is ahead of the table's.</param>
    public static MembersSeen Of(MembersRead read, MembershipOptions options, TimeSpan clockError) => new(read.Rows, read.Catalog, clockError)
    {
#if PLANTED_BUGS
        Placed = [.. Living(read.Rows, options.Alive).Where(row => !row.IsDraining && row.Address.Length > 0 && (options.Understands(row.Protocol) || Planted.Is("strangers-are-heard")))],
#else
        Placed = [.. Living(read.Rows, options.Alive).Where(row => !row.IsDraining && row.Address.Length > 0 && options.Understands(row.Protocol))],
#endif
    };

    /// <summary>The rows of members that are alive. Measured from the newest row, so that when nobody can write nobody dies.</summary>
    public static IEnumerable<MemberRow> Living(ImmutableArray<MemberRow> rows, TimeSpan alive)
    {
        var newest = rows.IsEmpty ? DateTimeOffset.MinValue : rows.Max(static row => row.At);
        return rows.Where(row => newest - row.At <= alive);
    }
}

/// <summary>Why a member must stop.</summary>
public enum Departure
{
    /// <summary>Somebody asked it to leave the cluster.</summary>
    Asked,

    /// <summary>A later process has its name.</summary>
    Superseded,
}

/// <summary>This process must not join the cluster; the message says why, in a sentence.</summary>
public sealed class JoinRefusedException(string message) : Exception(message);
