using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Allocation;

/// <summary>What one family of a request got so far.</summary>
internal sealed class FamilyResult(IpFamily family, int wanted)
{
    public IpFamily Family => family;

    public int Missing => wanted - Rows.Count;

    public List<GrantedRow> Rows { get; } = [];

    public List<AssignMessage> Messages { get; } = [];

    /// <summary>What ended the family early; the addresses so far stand beside it.</summary>
    public Refusal? Error { get; set; }

    /// <summary>Free addresses were passed over only because this unit had changed them, or a block because it closes it: the rest must wait for the next turn.</summary>
    public bool LeftForNextTurn { get; set; }

    public void Add(Taken taken, bool borrowed)
    {
        Rows.AddRange(taken.Rows.Select(row => new GrantedRow(row, borrowed, taken.Why, taken.Grounds)));
        LeftForNextTurn |= taken.LeftForNextTurn;
    }

    public void Say(string code, string message) => Messages.Add(new(code, message, (int)family));
}

/// <summary>A granted address, and whether it lies in the block of somebody else.</summary>
/// <param name="Row">The address.</param>
/// <param name="Borrowed">Whether it lies in the block of somebody else.</param>
/// <param name="Source">The word for where it comes from.</param>
/// <param name="Grounds">What its assignment rests on; null for one that was held before.</param>
internal readonly record struct GrantedRow(AddressRow Row, bool Borrowed, string Source, Grounds? Grounds)
{
    public Grant Grant => new(Row.Ip, Row.Generation);
}

/// <summary>What an assignment gave.</summary>
/// <param name="Rows">All addresses, IPv4 first, in allocation order.</param>
/// <param name="Messages">Why it is short, if it is.</param>
/// <param name="Error">The refusal beside a partial result, or alone.</param>
internal sealed record AssignResult(ImmutableArray<GrantedRow> Rows, ImmutableArray<AssignMessage> Messages, Refusal? Error)
{
    /// <summary>How it was decided; null for a plain grant that nobody asked to have explained.</summary>
    public AssignExplanation? Explanation { get; init; }
}
