using System.Collections.Immutable;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;

namespace ActorIpam.Server.Api;

/// <summary>The query parameters of the resource calls. What is known to Kubernetes but not done here is refused by name, never ignored.</summary>
internal static class ResourceParameters
{
    // Neither of these two changes what is stored: there is no field ownership, and every body is read strictly.
    private static readonly ImmutableArray<string> Writing = ["dryRun", "fieldManager", "fieldValidation"];

    /// <summary>Checks those of POST, PUT and PATCH; true for a dry run.</summary>
    public static Received<bool> OfWriting(HttpRequest request) =>
        (request.UnknownParameter(Writing) ?? NotStrict(request)) is { } problem ? problem : DryRun(request);

    /// <summary>Checks those of DELETE; true for a dry run.</summary>
    public static Received<bool> OfDeleting(HttpRequest request) =>
        request.UnknownParameter("dryRun", "propagationPolicy", "gracePeriodSeconds") is { } problem ? problem : DryRun(request);

    /// <summary>Checks those of a list. A limit is a wish that a server may exceed; the whole list is answered.</summary>
    public static Status? OfListing(HttpRequest request) =>
        request.Parameter("watch") is "true" or "1"
            ? RefusalStatus.Of(405, "Watching is not possible here yet; ask for the list.")
            : request.UnknownParameter("limit", "watch", "timeoutSeconds", "allowWatchBookmarks");

    private static Status? NotStrict(HttpRequest request) =>
        request.Parameter("fieldValidation") is null or "Strict"
            ? null
            : Refused("fieldValidation", "fieldValidation must be Strict: unknown fields are always refused.");

    private static Received<bool> DryRun(HttpRequest request) => request.Parameter("dryRun") switch
    {
        null => false,
        "All" => true,
        _ => Refused("dryRun", "dryRun must be All."),
    };

    private static Status Refused(string field, string message) => RefusalStatus.Of(new Refusal(RefusalCode.Enum, message, field)) with { Code = 400, Reason = "BadRequest" };
}
