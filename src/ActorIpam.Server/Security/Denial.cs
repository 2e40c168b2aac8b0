using ActorIpam.Client.Answers;
using ActorIpam.Domain.Access;

namespace ActorIpam.Server.Security;

/// <summary>The sentences for callers who may not: 401 for who is not known, 403 for what is missing.</summary>
internal static class Denial
{
    /// <summary>403: the role does not reach.</summary>
    public static Status NotAllowed(HttpContext context, AccessRule rule) => context.Caller() is { Role: null } caller
        ? Forbidden($"{caller.Name} has no role here: {Roleless(caller)}.", "RoleMissing", rule.ToString(), null)
        : Forbidden($"{context.Caller()} may not {context.Request.Method} {context.Request.Path}: it needs {rule}.", "RoleMissing", rule.ToString(), null);

    /// <summary>403: the role is right, the host is another one.</summary>
    public static Status OtherHost(Caller caller, string message, string field) => Forbidden($"{caller} may not: {message}", "OtherHost", message, field);

    /// <summary>401, with what to present.</summary>
    /// <param name="context">Its answer gets the header that HTTP asks for.</param>
    /// <param name="why">The sentence.</param>
    /// <param name="presented">True when a token was given, and is worth nothing.</param>
    public static Status Unauthorized(HttpContext context, string why, bool presented)
    {
        context.Response.Headers.WWWAuthenticate = presented ? "Bearer realm=\"actor-ipam\", error=\"invalid_token\"" : "Bearer realm=\"actor-ipam\"";
        return RefusalStatus.Of(401, why);
    }

    private static string Roleless(Caller caller) => caller.Name.StartsWith("uid:", StringComparison.Ordinal)
        ? "no rule of --socket-allow is about this user or its groups"
        : $"the certificate's organisational unit (OU) must be {AccessRoles.Words}";

    private static Status Forbidden(string message, string reason, string cause, string? field) =>
        RefusalStatus.Of(403, message) with { Details = new() { Causes = [new(reason, cause, field)] } };
}
