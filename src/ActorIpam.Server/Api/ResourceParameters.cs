using System.Collections.Immutable;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;

namespace ActorIpam.Server.Api;

/// <summary>The query parameters of the resource calls. What is known to Kubernetes but not done here is refused by name, never ignored.</summary>
internal static class ResourceParameters
{
    private static readonly ImmutableArray<string> Always = ["pretty", "timeout"];

    private static readonly ImmutableArray<string> Writing = [.. Always, "dryRun", "fieldManager", "fieldValidation"];

    private static readonly ImmutableArray<string> Listing =
    [
        .. Always, "limit", "continue", "labelSelector", "fieldSelector", "includeObject", "resourceVersion", "resourceVersionMatch",
        "watch", "timeoutSeconds", "allowWatchBookmarks", "sendInitialEvents", "at",
    ];

    /// <summary>Checks those of POST and PUT; true for a dry run.</summary>
    public static Received<bool> OfWriting(HttpRequest request) => request.UnknownParameter(Writing) is { } problem ? problem : DryRun(request);

    /// <summary>Checks those of PATCH; true for a dry run. Nobody owns fields here, so <c>force</c> changes nothing.</summary>
    public static Received<bool> OfPatching(HttpRequest request) => request.UnknownParameter(Writing.Add("force")) is { } problem ? problem : DryRun(request);

    /// <summary>Checks those of DELETE; true for a dry run.</summary>
    public static Received<bool> OfDeleting(HttpRequest request) =>
        request.UnknownParameter([.. Always, "dryRun", "propagationPolicy", "gracePeriodSeconds", "orphanDependents"]) is { } problem ? problem : DryRun(request);

    /// <summary>Checks those of GET for one resource. Any resourceVersion is satisfied: the latest is shown.</summary>
    public static Status? OfGetting(HttpRequest request) => request.UnknownParameter([.. Always, "resourceVersion", "includeObject", "at"]);

    /// <summary>Checks those of a list or a watch.</summary>
    public static Status? OfListing(HttpRequest request) =>
        request.UnknownParameter(Listing)
        ?? (request.Parameter("at") is not null && IsWatch(request) ? Refused("at", "The past does not change: give watch or at, not both.") : null)
        ?? (request.Parameter("sendInitialEvents") is "true" or "1" ? Refused("sendInitialEvents", "sendInitialEvents is not possible here; list, then watch.") : null);

    public static bool IsWatch(HttpRequest request) => request.Parameter("watch") is "true" or "1";

    private static Received<bool> DryRun(HttpRequest request) => request.Parameter("dryRun") switch
    {
        null => false,
        "All" => true,
        _ => Refused("dryRun", "dryRun must be All."),
    };

    private static Status Refused(string field, string message) => RefusalStatus.Of(new Refusal(RefusalCode.Enum, message, field)) with { Code = 400, Reason = "BadRequest" };
}
