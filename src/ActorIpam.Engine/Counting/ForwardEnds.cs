namespace ActorIpam.Engine.Counting;

/// <summary>How it ends when a member sends a request on to its owner, or to the next in line, and when it serves one that was sent on to it: the words that are counted.</summary>
public static class ForwardEnds
{
    /// <summary>A definite answer, yes or no.</summary>
    public const string Answered = "answered";

    /// <summary>A queue, or the storage, is full: nothing was done.</summary>
    public const string TurnedAway = "turned_away";

    /// <summary>No connection, a broken one, "unavailable", or nothing that is understood: served where it arrived.</summary>
    public const string Silent = "silent";

    /// <summary>No answer in the time that a member waits for another: served where it arrived.</summary>
    public const string Late = "late";

    /// <summary>Nobody was asked, because all in line before this member are suspect: served where it arrived.</summary>
    public const string Suspect = "suspect";

    /// <summary>The caller left before there was an answer.</summary>
    public const string Left = "left";

    /// <summary>Could not be served: the time was over, or the member could not answer.</summary>
    public const string Unavailable = "unavailable";
}
