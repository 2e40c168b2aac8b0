namespace ActorIpam.Runtime;

/// <summary>
/// The boundaries between the steps of protocol.md §5: places where a process may die. Every test that kills passes through each of them,
/// and the table "a crash after" in docs/architecture.md has a row for each.
/// </summary>
public enum FaultPoint
{
    /// <summary>A unit is decided and not sent.</summary>
    UnitDecided,

    /// <summary>A batch goes to the journal with the next step.</summary>
    BatchSending,

    /// <summary>The journal has answered; nobody was told.</summary>
    BatchCommitted,

    /// <summary>A unit is true and remembered; its commands are not answered.</summary>
    UnitRemembered,

    /// <summary>A command is answered inside; the answer has not left the member.</summary>
    AnswerLeaving,

    /// <summary>A part of what a handle holds is released, more may be left.</summary>
    HandleHalfReleased,

    /// <summary>A change of the catalog is true; nobody was told.</summary>
    CatalogChanged,

    /// <summary>A pool that is being deleted is disabled; its blocks still have owners.</summary>
    PoolDisabled,

    /// <summary>The ownership of one block has ended; others may be left.</summary>
    AffinityEnded,

    /// <summary>A pool that is being deleted has no owned block any more; it is still there.</summary>
    PoolPrepared,

    /// <summary>A node is gone; its blocks are still its own.</summary>
    NodeRemoved,

    /// <summary>A sweep has done one thing that was due; others may be left.</summary>
    SweepActed,

    /// <summary>A pool that is being split is disabled; it has no parts yet.</summary>
    SplitBegun,

    /// <summary>One part of a pool that is being split exists; others may not.</summary>
    SplitPartCreated,

    /// <summary>One block belongs to a part of the pool that is being split; others may still belong to the whole.</summary>
    SplitBlockMoved,

    /// <summary>No block belongs to a pool that is being split any more; it is still there.</summary>
    SplitEmptied,

    /// <summary>Some of what a host reports is held by it in the journal; the rest may not be, and the host counts as not reported.</summary>
    HoldingsAdopted,

    /// <summary>A step of a recovery is true; nobody was told.</summary>
    RecoveryStepped,
}

/// <summary>A port through which tests let the process die, or wait, at a named point. In production nothing happens.</summary>
public interface IFaultPoints
{
    ValueTask PassAsync(FaultPoint point);
}

/// <summary>No faults.</summary>
public sealed class NoFaults : IFaultPoints
{
    public static NoFaults Instance { get; } = new();

    public ValueTask PassAsync(FaultPoint point) => ValueTask.CompletedTask;
}
