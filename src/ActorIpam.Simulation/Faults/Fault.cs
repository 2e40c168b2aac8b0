namespace ActorIpam.Simulation.Faults;

/// <summary>What can go wrong between a member and the store.</summary>
public enum Fault
{
    None,

    /// <summary>The batch never arrived; its sender cannot know.</summary>
    LostOnTheWay,

    /// <summary>The store refused the batch and said so.</summary>
    RefusedBefore,

    /// <summary>The store has no space and said so.</summary>
    StorageFull,

    /// <summary>The batch was written, the answer was lost.</summary>
    AnswerLost,

    /// <summary>The first units of the batch were written, then the connection broke.</summary>
    Torn,

    /// <summary>The sender was told that the outcome is unknown, and the batch arrived after that.</summary>
    ArrivesLate,

    /// <summary>The answer takes longer than a request may last.</summary>
    AnsweredLate,

    /// <summary>The whole store stands still for a while.</summary>
    Stall,

    /// <summary>The member dies before the batch is written.</summary>
    CrashBefore,

    /// <summary>The member dies with the batch on its way: it will be written.</summary>
    CrashUnderway,

    /// <summary>The member dies between the commit and the answer.</summary>
    CrashAfter,

    /// <summary>The member stands still between the commit and the answer.</summary>
    PauseAfter,

    /// <summary>The member dies at a point its code names.</summary>
    CrashHere,

    /// <summary>The member does not get on at a point its code names, while the rest of it does.</summary>
    WaitHere,

    /// <summary>What one member says to another never arrives.</summary>
    MessageLost,

    /// <summary>What one member says to another arrives, and its answer does not.</summary>
    MessageUnanswered,

    /// <summary>What one member says to another arrives twice, the second time later.</summary>
    MessageTwice,

    /// <summary>What one member says to another arrives seconds later, behind what was said after it.</summary>
    MessageLate,

    /// <summary>The network is cut between the two.</summary>
    CutOff,

    /// <summary>A read is not answered.</summary>
    ReadFails,

    /// <summary>A read takes seconds.</summary>
    ReadIsSlow,

    /// <summary>A snapshot is read with another state than the one it was sealed with.</summary>
    BadSnapshot,

    /// <summary>An event is read by its member as an older release would read it: its name is unknown there.</summary>
    UnknownEvent,

    /// <summary>The batch is written on the primary, seen by nobody, and its answer waits for a standby that cannot be reached.</summary>
    WaitsForStandby,

    /// <summary>What members had read was gone when the standby took over. Nobody had been told of it.</summary>
    SeenAndLost,

    /// <summary>What members had read, and nobody had been told of, was there when the standby took over.</summary>
    SeenAndKept,

    /// <summary>An event was written by a release two numbers later than its reader's, in a way that the reader does not know.</summary>
    NewerEvent,

    /// <summary>A member may not join: another that is alive speaks a protocol number more than one away.</summary>
    JoinRefused,

    /// <summary>A message between members whose protocol numbers are more than one apart loses what the older does not know.</summary>
    Misread,
}
