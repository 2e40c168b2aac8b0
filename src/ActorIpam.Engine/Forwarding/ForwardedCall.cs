using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.Releases;

namespace ActorIpam.Engine.Forwarding;

/// <summary>One thing a member may ask of another. <see cref="ForwardedCalls"/> lists them all.</summary>
public sealed class ForwardedCall<TRequest, TAnswer>
{
    internal ForwardedCall(string name, Func<AddressDoors, TRequest, CancellationToken, Task<Answer<TAnswer>>> serve) => (Name, Serve) = (name, serve);

    /// <summary>How it is called on the wire.</summary>
    public string Name { get; }

    /// <summary>How the member that is asked serves it: itself, at once.</summary>
    internal Func<AddressDoors, TRequest, CancellationToken, Task<Answer<TAnswer>>> Serve { get; }
}

/// <summary>What is forwarded: only calls of which a late copy is recognised, by request id, generation or time of issue (docs/decisions/0010).</summary>
public static class ForwardedCalls
{
    public static ForwardedCall<AssignRequest, AssignAnswer> Assign { get; } = new("assign", static (doors, request, end) => doors.Assigning.AssignAsync(request, default, end));

    public static ForwardedCall<AssignIpRequest, AssignedAddress> AssignIp { get; } = new("assign-ip", static (doors, request, end) => doors.Assigning.AssignIpAsync(request, default, end));

    public static ForwardedCall<SeenRelease, ReleaseAnswer> Release { get; } =
        new("release", static (doors, seen, end) => doors.Releasing.ReleaseAsync(seen.Release, null, end, SeenTenure.Of(seen)));

    /// <summary>Final releases only.</summary>
    public static ForwardedCall<ReleaseHandleRequest, ReleaseHandleAnswer> ReleaseHandle { get; } =
        new("release-handle", static (doors, request, end) => doors.Releasing.ReleaseHandleAsync(request, null, end));

    public static ForwardedCall<GarbageRequest, GarbageAnswer> CollectGarbage { get; } = new("gc", static (doors, request, end) => doors.Garbage.CollectAsync(request, end));

    /// <summary>What a member remembers of its own decisions: a question that changes nothing, asked of all of them.</summary>
    public static ForwardedCall<ExplainQuery, ExplainAnswer> Remembered { get; } = new("remembered", static (doors, query, _) => Task.FromResult(doors.Remembered(query)));
}
