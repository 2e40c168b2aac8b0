using System.Collections.Immutable;
using ActorIpam.Engine.Forwarding;

namespace ActorIpam.Simulation.Members;

/// <summary>Names what members say to each other: these are the fault points of the network.</summary>
public static class Messages
{
    /// <summary>All that is forwarded.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        Of(ForwardedCalls.Assign.Name), Of(ForwardedCalls.AssignIp.Name), Of(ForwardedCalls.Release.Name), Of(ForwardedCalls.ReleaseHandle.Name), Of(ForwardedCalls.CollectGarbage.Name),
    ];

    public static string Of(string call) => $"forward {call}";
}
