using System.Collections.Immutable;

namespace ActorIpam.Simulation.Journal;

/// <summary>Names what a member reads: these are the fault points of reads.</summary>
public static class Reads
{
    public const string
        Tail = "read a tail", Heads = "read heads", Address = "view an address", Addresses = "view addresses", Handle = "view a handle", Page = "view a page of addresses",
        History = "view a history", Block = "view a block", BlockOfAddress = "view the block of an address", BlocksOfOwner = "view the blocks of an owner",
        BlocksOfRange = "view the blocks of a range", Room = "view the room", Totals = "view totals", Request = "view a request", ClosedHandle = "view a closed handle",
        Resources = "view resources", Cooling = "view what cools", Empty = "view empty blocks", OldRequests = "view old requests", ClosedHandles = "view closed handles", Members = "beat",
        Lengths = "look at lengths", Keep = "keep a snapshot", Cut = "cut old rows";

    /// <summary>Those of almost every world, and of almost every world with sweeps or with members that know of each other.</summary>
    public static ImmutableArray<string> Common { get; } =
        [Tail, Heads, Addresses, Handle, BlocksOfOwner, BlocksOfRange, Room, Request, Cooling, Empty, ClosedHandles, Members];
}
