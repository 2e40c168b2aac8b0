using ActorIpam.Client.Http;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Manifests;

/// <summary>What applying one resource would change: asked of the member, which checks everything and changes nothing.</summary>
/// <param name="Before">What is stored; null when there is nothing yet.</param>
/// <param name="After">What would be stored.</param>
internal sealed record WritePlan(Resource? Before, Resource After)
{
    /// <summary>created, configured or unchanged.</summary>
    public string Outcome => Before is null ? "created" : IsChange ? "configured" : "unchanged";

    public bool IsChange => Before is null || ResourceJson.Write(WithoutVersion(Before)) != ResourceJson.Write(WithoutVersion(After));

    /// <remarks>Each resource is judged against what is stored, not against the others of the same input.</remarks>
    public static async Task<WritePlan> OfApplyAsync(Resource given, Session session, CancellationToken cancellation)
    {
        var resources = session.Client.Resources;
        if (given.Metadata.ResourceVersion is null)
        {
            try
            {
                return new(null, await resources.CreateAsync(ResourceWrites.OwnMetadata(given), dryRun: true, cancellation));
            }
            catch (ApiException e) when (e.Is(RefusalCode.AlreadyExists))
            {
                // Below: it would be replaced.
            }
        }

        var stored = await resources.GetAsync(given.Kind, given.Metadata.Name, cancellation);
        var sent = given.Metadata.ResourceVersion is null ? ResourceWrites.OwnMetadata(given) : given;
        return new(stored, await resources.ReplaceAsync(sent, dryRun: true, cancellation));
    }

    private static Resource WithoutVersion(Resource resource) => resource with { Metadata = resource.Metadata with { ResourceVersion = null } };
}
