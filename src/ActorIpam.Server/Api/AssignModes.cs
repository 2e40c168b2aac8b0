using System.Collections.Immutable;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;
using ActorIpam.Engine.Door;

namespace ActorIpam.Server.Api;

/// <summary>The query parameters of the calls that assign: <c>dryRun=All</c> and <c>explain=true</c>.</summary>
internal static class AssignModes
{
    public static ImmutableArray<string> Parameters { get; } = ["dryRun", "explain"];

    public static Received<AssignMode> Of(HttpRequest request)
    {
        var explain = request.Flag("explain");
        return explain.Problem is { } problem ? problem : request.Parameter("dryRun") switch
        {
            null => new AssignMode(explain.Value ?? false, DryRun: false),
            "All" => new AssignMode(Explain: true, DryRun: true),
            _ => RefusalStatus.Of(new Refusal(RefusalCode.Enum, "dryRun must be All.", "dryRun")),
        };
    }
}
