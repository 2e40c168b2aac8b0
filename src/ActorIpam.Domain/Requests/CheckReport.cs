using System.Collections.Immutable;

namespace ActorIpam.Domain.Requests;

/// <summary>What a check of the journal against the views found; no problems when everything agrees.</summary>
public sealed record CheckReport
{
    public ImmutableArray<CheckProblem> Problems { get; init; } = [];

    /// <summary>How many resources, pools, blocks and addresses were looked at.</summary>
    public int Resources { get; init; }

    public int Pools { get; init; }

    public int Blocks { get; init; }

    public int Addresses { get; init; }

    /// <summary>How many problems are not listed: only the first thousand are.</summary>
    public int MoreProblems { get; init; }

    /// <summary>What is no contradiction but deserves a look, such as a host above a limit that was lowered.</summary>
    public ImmutableArray<string> Remarks { get; init; } = [];
}

/// <summary>How far a check is.</summary>
/// <param name="Phase">resources, blocks, pools or addresses.</param>
/// <param name="Done">How many of them were looked at.</param>
/// <param name="Problems">How many problems were found so far.</param>
public sealed record CheckProgress(string Phase, long Done, int Problems);

/// <summary>One line of a check that tells how far it is: progress, and at the end the report or what became of the repair.</summary>
public sealed record CheckLine
{
    public CheckProgress? Progress { get; init; }

    public CheckReport? Report { get; init; }

    public RepairReport? Repair { get; init; }

    /// <summary>Why it ended early: nobody can answer now.</summary>
    public string? Status { get; init; }
}

/// <summary>Asks for a repair. It has no fields yet.</summary>
public sealed record RepairRequest;

/// <summary>What a repair did.</summary>
public sealed record RepairReport
{
    /// <summary>What was found before.</summary>
    public CheckReport Before { get; init; } = new();

    /// <summary>What was written, a sentence each.</summary>
    public ImmutableArray<string> Repaired { get; init; } = [];

    /// <summary>What is found now: what no repair of views can mend.</summary>
    public CheckReport After { get; init; } = new();
}

/// <param name="Kind">One of <see cref="CheckKind"/>.</param>
/// <param name="Subject">The address, block, pool or resource it is about.</param>
/// <param name="Message">What was found, in a sentence.</param>
public sealed record CheckProblem(CheckKind Kind, string Subject, string Message)
{
    /// <summary>The stream from which the damaged view can be rebuilt; null when the journal itself contradicts itself.</summary>
    public string? Source { get; init; }
}

/// <summary>What can be wrong with what is stored.</summary>
public enum CheckKind
{
    /// <summary>A stream cannot be read, or breaks a law when it is folded (INV-1, 2, 5, 8, 11).</summary>
    StreamBroken,

    /// <summary>A snapshot of a block is damaged, cannot be read here, or is not what the events say (INV-7). It is passed over when the stream is loaded.</summary>
    SnapshotBad,

    /// <summary>The figures of a block's row are not those of its stream (INV-6, 7).</summary>
    BlockDiffers,

    /// <summary>The stream says that an address is held, and no row shows it (INV-2, 7).</summary>
    AddressMissing,

    /// <summary>A row shows an address as held that the stream does not know (INV-1, 7).</summary>
    AddressUnknown,

    /// <summary>Row and stream disagree about who holds an address (INV-7).</summary>
    AddressDiffers,

    /// <summary>The attributes of an address are not those it was assigned with (INV-7).</summary>
    AttributesDiffer,

    /// <summary>A held address lies in no existing block (INV-7).</summary>
    AddressStray,

    /// <summary>Pool and block disagree about the owner (INV-5).</summary>
    OwnerDiffers,

    /// <summary>A resource's row is not what the catalog's stream says (INV-7).</summary>
    ResourceDiffers,

    /// <summary>What is told of past holders, owners or states is not what the streams say, or two held an address at one time (INV-1, 7).</summary>
    HistoryDiffers,

    /// <summary>A request is on record with a grant that nobody was ever given: a repeat would be answered with it (INV-13).</summary>
    RequestUnknown,

    /// <summary>A head stands lower than what raised it, or names a commit that did not write its last row: what is fenced on it may pass over a change (INV-8, 10).</summary>
    HeadDiffers,

    /// <summary>A stream that nothing could have written: its name is none, or no pool and no resource ever led to it.</summary>
    StreamStray,
}
