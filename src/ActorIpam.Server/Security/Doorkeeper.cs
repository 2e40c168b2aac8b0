using ActorIpam.Client.Answers;
using ActorIpam.Domain.Access;
using ActorIpam.Server.Api;

namespace ActorIpam.Server.Security;

/// <summary>Stands before every route: who calls, whether that is too often, whether it is allowed; and notes what was done.</summary>
/// <remarks>Authorisation happens here, where a request enters the cluster; what members send each other comes by their own port.</remarks>
internal sealed class Doorkeeper(bool isRequired, Credentials credentials, RateLimits limits, Audit audit)
{
    private static readonly Caller Nobody = new("nobody", null);

    public async Task EnterAsync(HttpContext context, RequestDelegate next)
    {
        var rule = RuleOf(context.GetEndpoint());
        if (rule.Others == Admitted.Everybody)
        {
            context.IsCalledBy(Nobody);
            await next(context);
            return;
        }

        var (caller, refusal) = isRequired ? await credentials.OfAsync(context) : (Unasked(context), null);
        if (caller is not null)
        {
            context.IsCalledBy(caller);
            refusal = Busy(caller) ?? (isRequired ? Judge(context, caller, rule) : null);
        }

        try
        {
            await (refusal is null ? next(context) : context.Response.WriteAsync(refusal));
        }
        finally
        {
            audit.Tell(context, (caller ?? Nobody).Name);
        }
    }

    /// <summary>The rule of a mapped route; what is not mapped may be heard of by whoever has a role.</summary>
    public static AccessRule RuleOf(Endpoint? endpoint) => endpoint is RouteEndpoint route ? AccessTable.Of(NameOf(route)) : AccessRule.AnyRole;

    /// <summary>A route as the table names it.</summary>
    public static string NameOf(RouteEndpoint route) =>
        $"{(route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is [var method] ? method : "*")} {route.RoutePattern.RawText}";

    /// <summary>Where nobody must say who he is, everybody is an operator; the socket still tells a name for the log.</summary>
    private Caller Unasked(HttpContext context) => credentials.OfSocket(context) is { } local ? Caller.Anonymous with { Name = local.Name } : Caller.Anonymous;

    private Status? Busy(Caller caller) => limits.Refusal(caller) is (var whose, var wait)
        ? RefusalStatus.Of(429, $"{whose} more requests than allowed; nothing was done, try again.") with
        {
            Details = new() { RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) },
        }
        : null;

    private static Status? Judge(HttpContext context, Caller caller, AccessRule rule) => caller.Role switch
    {
        AccessRole.Operator => null,
        AccessRole.Viewer when rule.Others == Admitted.Viewer => null,
        AccessRole.Allocator when rule.Own == OwnHost.Irrelevant => null,
        AccessRole.Allocator when rule.Own != OwnHost.Never => OwnOnly(context, caller, rule.Own),
        _ => Denial.NotAllowed(context, rule),
    };

    /// <summary>What the address of the call says of its host; what body and state say is judged where they are read.</summary>
    private static Status? OwnOnly(HttpContext context, Caller caller, OwnHost own) => own switch
    {
        OwnHost.InPath => HostBinding.Other(caller, caller.Host!, context.Request.RouteValues.Values.LastOrDefault() as string),
        OwnHost.InQuery => HostBinding.Other(caller, caller.Host!, context.Request.Query["host"] is [var host] ? host : null),
        OwnHost.InSelector => HostBinding.Other(caller, caller.Host!, context.Request.Query["fieldSelector"] is [{ } selector] ? NameIn(selector) : null, "fieldSelector=metadata.name"),
        OwnHost.InBody or OwnHost.InState => null,
        _ => throw new InvalidOperationException($"{own} binds nobody."),
    };

    private static string? NameIn(string selector) => selector.Split('=', 2) is ["metadata.name", var rest] ? rest.TrimStart('=') : null;
}
