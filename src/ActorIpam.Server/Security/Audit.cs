using System.Net;

namespace ActorIpam.Server.Security;

/// <summary>Which calls leave an audit line.</summary>
internal enum AuditScope
{
    Off,

    /// <summary>Calls that may change something, and callers who are refused.</summary>
    Changes,
    All,
}

/// <summary>Who did what: one structured log entry a call, without bodies, queries, headers or secrets.</summary>
internal sealed class Audit(AuditScope scope, ILoggerFactory logs)
{
    /// <summary>The log category; it is let through at every log level but <c>none</c>.</summary>
    public const string Category = "ActorIpam.Audit";

    private readonly ILogger _log = logs.CreateLogger(Category);

    public void Tell(HttpContext context, string caller)
    {
        var code = context.Response.StatusCode;
        var isChange = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);
        if (scope == AuditScope.All || (scope == AuditScope.Changes && (isChange || code is 401 or 403)))
        {
            // The path as it was sent, still encoded: nobody writes a line of his own into the log.
            _log.LogInformation(
                "{Caller} {Method} {Path} {Code} from {From}", caller, Method(context.Request.Method), context.Request.Path.ToUriComponent(), code, From(context.Connection.RemoteIpAddress));
        }
    }

    /// <summary>A method is whatever a caller likes; only letters are repeated.</summary>
    private static string Method(string method) => method.All(char.IsAsciiLetter) ? method : "?";

    private static string From(IPAddress? address) => address?.ToString() ?? "socket";
}
