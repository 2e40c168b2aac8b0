using ActorIpam.Client.Answers;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Server.Security;

/// <summary>Keeps an allocator to its own host, where a request or an answer names one.</summary>
internal static class HostBinding
{
    /// <summary>Why an allocator may not send this body; null when it may, and for callers that are bound to no host.</summary>
    /// <remarks>It judges the very record the call acts on, so that no second reading of the body can see another host.</remarks>
    public static Status? Refusal(HttpContext context, object body)
    {
        var caller = context.Caller();
        if (caller.OnlyHost is not { } own)
        {
            return null;
        }

        return body switch
        {
            AssignRequest assign => Other(caller, own, assign.Host) ?? Virtual(caller, assign.Use),
            AssignIpRequest assign => Other(caller, own, assign.Host) ?? Virtual(caller, assign.Use),
            RecoveryReport report => Other(caller, own, report.Host) ?? Virtual(caller, report.Use),
            GarbageRequest collect => Other(caller, own, collect.Host),
            EnsureBlockRequest ensure => Other(caller, own, ensure.Host),
            AffinityRequest affinity => Other(caller, own, affinity.Host),

            // Whose addresses they are stands in the journal: judged where they are released.
            ReleaseRequest or ReleaseHandleRequest => null,
            _ => Denial.NotAllowed(context, AccessRule.Operator),
        };
    }

    /// <summary>Every address a bound caller releases must be named with its holder or generation (protocol.md §5, release by address).</summary>
    public static Status? Refusal(HttpContext context, ReleaseRequest request)
    {
        if (context.Caller().OnlyHost is null || request.Addresses.IsDefault)
        {
            return null;
        }

        for (var i = 0; i < request.Addresses.Length; i++)
        {
            if (request.Addresses[i] is { Handle: null, Generation: null })
            {
                return RefusalStatus.Of(new Refusal(RefusalCode.Invalid, "An allocator releases an address by its handle or its generation: give one of them.", $"addresses[{i}]"));
            }
        }

        return null;
    }

    /// <summary>Why a bound caller may not see this address; null when it may: its own host holds it, or nobody does.</summary>
    public static Status? Refusal(HttpContext context, AddressState state) =>
        context.Caller() is { OnlyHost: { } own } caller && state.Assignment is { } held && held.Host != own ? Denial.OtherHost(caller, "another host holds it.", "ip") : null;

    /// <param name="caller">An allocator.</param>
    /// <param name="own">Its host.</param>
    /// <param name="asked">The host of the call; null when it names none.</param>
    /// <param name="field">Where a call names its host.</param>
    public static Status? Other(Caller caller, string own, string? asked, string field = "host") => asked == own
        ? null
        : Denial.OtherHost(caller, asked is null ? $"it must ask for its own host, with {field}={own}." : $"{field} is {asked}, its own is {own}.", field);

    /// <summary>The holder of a load balancer's addresses is no host, whatever its name.</summary>
    private static Status? Virtual(Caller caller, string? use) => string.Equals(use, "LoadBalancer", StringComparison.OrdinalIgnoreCase)
        ? Denial.OtherHost(caller, "use LoadBalancer assigns to a holder that is no host; operators may.", "use")
        : null;
}
