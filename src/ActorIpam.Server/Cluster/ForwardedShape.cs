using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.Forwarding;

namespace ActorIpam.Server.Cluster;

/// <summary>How a forwarded call looks on the wire: the public JSON, nothing left out that the record says.</summary>
/// <remarks>
/// A field that the other member does not know makes it refuse, and the request is served where it came in: between two versions nothing is half understood.
/// Fields of answers that are not known are left alone.
/// </remarks>
internal sealed record ForwardedShape<TRequest, TAnswer>(JsonTypeInfo<TRequest> Request, JsonTypeInfo<TAnswer> Answer);

/// <summary>The shapes of all forwarded calls.</summary>
internal static class ForwardedShapes
{
    private static readonly ApiJson Strict = new(new JsonSerializerOptions(ApiJson.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow });

    private static readonly ExplainJson StrictExplain = new(new JsonSerializerOptions(ExplainJson.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow });

    private static readonly Dictionary<string, object> ByName = new(StringComparer.Ordinal)
    {
        [ForwardedCalls.Assign.Name] = new ForwardedShape<AssignRequest, AssignAnswer>(Strict.AssignRequest, ApiJson.Default.AssignAnswer),
        [ForwardedCalls.AssignIp.Name] = new ForwardedShape<AssignIpRequest, AssignedAddress>(Strict.AssignIpRequest, ApiJson.Default.AssignedAddress),
        [ForwardedCalls.Release.Name] = new ForwardedShape<SeenRelease, ReleaseAnswer>(Strict.SeenRelease, ApiJson.Default.ReleaseAnswer),
        [ForwardedCalls.ReleaseHandle.Name] = new ForwardedShape<ReleaseHandleRequest, ReleaseHandleAnswer>(Strict.ReleaseHandleRequest, ApiJson.Default.ReleaseHandleAnswer),
        [ForwardedCalls.CollectGarbage.Name] = new ForwardedShape<GarbageRequest, GarbageAnswer>(Strict.GarbageRequest, ApiJson.Default.GarbageAnswer),
        [ForwardedCalls.Remembered.Name] = new ForwardedShape<ExplainQuery, ExplainAnswer>(StrictExplain.ExplainQuery, ExplainJson.Default.ExplainAnswer),
    };

    public static ForwardedShape<TRequest, TAnswer> Of<TRequest, TAnswer>(ForwardedCall<TRequest, TAnswer> call) => (ForwardedShape<TRequest, TAnswer>)ByName[call.Name];
}

/// <summary>What stands around a forwarded call.</summary>
internal static class ForwardedHeaders
{
    public const string Path = "/cluster/v1/forward/";

    /// <summary>How long the asking member waits, in whole milliseconds.</summary>
    public const string Remaining = "Ipam-Remaining-Ms";

    /// <summary>The protocol number of the asking member.</summary>
    public const string Protocol = "Ipam-Protocol";
}
