using ActorIpam.Domain.Requests;

namespace ActorIpam.Engine.Checking;

/// <summary>The check of a journal that no member has: a backup that was read back, a journal that is to be started on.</summary>
public static class JournalCheck
{
    /// <param name="ports">Where the journal and its views are.</param>
    /// <param name="tell">Called now and then; null when nobody watches.</param>
    /// <param name="cancellation">Ends the check.</param>
    public static Task<CheckReport> RunAsync(MemberPorts ports, Action<CheckProgress>? tell, CancellationToken cancellation) => new Checker(ports, tell).RunAsync(cancellation);
}
