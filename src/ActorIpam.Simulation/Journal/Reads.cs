using System.Collections.Immutable;

namespace ActorIpam.Simulation.Journal;

/// <summary>Names what a member reads: these are the fault points of reads.</summary>
public static class Reads
{
    public const string
        Tail = "read a tail", Heads = "read heads", Address = "view an address", Addresses = "view addresses", Handle = "view a handle", Page = "view a page of addresses",
        History = "view a history", Block = "view a block", BlockOfAddress = "view the block of an address", BlocksOfOwner = "view the blocks of an owner",
        BlocksOfRange = "view the blocks of a range", Room = "view the room", Totals = "view totals", Request = "view a request", ClosedHandle = "view a closed handle",
        Resources = "view resources", Cooling = "view what cools", Empty = "view empty blocks", OldRequests = "view old requests", ClosedHandles = "view closed handles", Members = "beat";

    /// <summary>All that flows of the simulation ask.</summary>
    public static ImmutableArray<string> All { get; } =
        [Tail, Heads, Address, Addresses, Handle, Page, History, Block, BlockOfAddress, BlocksOfOwner, BlocksOfRange, Room, Request, ClosedHandle, Cooling, Empty, OldRequests, ClosedHandles, Members];
}
