namespace ActorIpam.Server.Telemetry;

/// <summary>Everything the member logs about itself. The numbers are a contract, told in docs/telemetry.md: one is never used for something else.</summary>
/// <remarks>No secrets: no connection strings, no tokens, no bodies of requests.</remarks>
internal static partial class Log
{
    // 1xx: the life of the process.
    [LoggerMessage(100, LogLevel.Information, "Member {Member} starts, version {Version}, journal {Journal}.")]
    public static partial void Starting(ILogger log, string member, string version, string journal);

    [LoggerMessage(101, LogLevel.Information, "Member {Member} is ready at {Url}.")]
    public static partial void Ready(ILogger log, string member, string url);

    [LoggerMessage(102, LogLevel.Information, "Member {Member} drains: no new work is taken, work in flight is finished.")]
    public static partial void Draining(ILogger log, string member);

    [LoggerMessage(103, LogLevel.Information, "Member {Member} has stopped.")]
    public static partial void Stopped(ILogger log, string member);

    [LoggerMessage(104, LogLevel.Warning, "{Warning}")]
    public static partial void StartWarning(ILogger log, string warning);

    [LoggerMessage(105, LogLevel.Information, "Spans are sent to {Endpoint}.")]
    public static partial void Exporting(ILogger log, string endpoint);

    [LoggerMessage(106, LogLevel.Information, "The member could not serve itself before it joined, so its first requests take longer: {Reason}")]
    public static partial void NotWarm(ILogger log, string reason);

    // 2xx: definitions.
    [LoggerMessage(200, LogLevel.Information, "Definition {Kind}/{Name} {Change}.")]
    public static partial void DefinitionApplied(ILogger log, string kind, string name, string change);

    [LoggerMessage(201, LogLevel.Warning, "File {File} was refused, {Count} problems: {Problems}")]
    public static partial void FileRefused(ILogger log, string file, int count, string problems);

    [LoggerMessage(202, LogLevel.Warning, "File {File} waits: {Reason}")]
    public static partial void FileWaits(ILogger log, string file, string reason);

    [LoggerMessage(203, LogLevel.Information, "File {File} is applied, {Count} definitions.")]
    public static partial void FileApplied(ILogger log, string file, int count);

    [LoggerMessage(204, LogLevel.Information, "File {File} has vanished; what it defined stays.")]
    public static partial void FileVanished(ILogger log, string file);

    // 3xx: the journal.
    [LoggerMessage(300, LogLevel.Error, "The journal does not answer: {Reason}")]
    public static partial void JournalLost(ILogger log, string reason);

    [LoggerMessage(301, LogLevel.Warning, "The journal answers again after {Seconds:0.0} s.")]
    public static partial void JournalBack(ILogger log, double seconds);

    [LoggerMessage(302, LogLevel.Warning, "A commit of {Units} units took {Seconds:0.00} s.")]
    public static partial void SlowCommit(ILogger log, int units, double seconds);

    [LoggerMessage(303, LogLevel.Critical, "A unit contradicts what is stored; the streams {Streams} are quarantined: {Reason}")]
    public static partial void StreamsQuarantined(ILogger log, string streams, string reason);

    [LoggerMessage(304, LogLevel.Error, "The journal's storage is full: {Reason}")]
    public static partial void StorageFull(ILogger log, string reason);

    // 4xx: what callers met, and telemetry itself.
    [LoggerMessage(400, LogLevel.Warning, "Figures of pools and hosts could not be read for a scrape: {Reason}")]
    public static partial void FiguresUnavailable(ILogger log, string reason);

    [LoggerMessage(401, LogLevel.Error, "Fault {Id} in {Method} {Path}.")]
    public static partial void Fault(ILogger log, Exception cause, string id, string method, string path);

    // 5xx: the other members.
    [LoggerMessage(500, LogLevel.Warning, "Member {Peer} does not answer this one: {Reason}. Requests for its hosts are served without it meanwhile.")]
    public static partial void PeerSilent(ILogger log, string peer, string reason);

    [LoggerMessage(501, LogLevel.Information, "Member {Peer} answers again.")]
    public static partial void PeerBack(ILogger log, string peer);

    [LoggerMessage(502, LogLevel.Error, "The clock of this member is {Seconds:0.0} s off the database's{Consequence}: set it right.")]
    public static partial void ClockOff(ILogger log, double seconds, string consequence);

    [LoggerMessage(503, LogLevel.Warning, "The clock agrees with the database's again.")]
    public static partial void ClockAgrees(ILogger log);

    [LoggerMessage(504, LogLevel.Information, "Member {Peer} is there, incarnation {Incarnation}, at {Address}.")]
    public static partial void MemberCame(ILogger log, string peer, long incarnation, string address);

    [LoggerMessage(505, LogLevel.Warning, "Member {Peer} is {State}: its hosts are placed on others.")]
    public static partial void MemberWent(ILogger log, string peer, string state);

    [LoggerMessage(506, LogLevel.Information, "The certificates of the cluster were read again; this member's is valid until {Until:u}.")]
    public static partial void CertificatesRead(ILogger log, DateTime until);

    [LoggerMessage(507, LogLevel.Warning, "The certificates of the cluster have changed and cannot be used: {Reason} Those read before stay in use.")]
    public static partial void CertificatesRefused(ILogger log, string reason);
}
