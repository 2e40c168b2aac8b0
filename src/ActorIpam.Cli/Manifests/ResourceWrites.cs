using ActorIpam.Client.Http;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Manifests;

/// <summary>How definitions are sent: which metadata goes along, and what happens on a conflict (semantics.md §15).</summary>
internal sealed class ResourceWrites(Session session)
{
    /// <summary>How often an update without a version is tried when others change the resource at the same time.</summary>
    private const int Attempts = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Only name, labels and annotations go along, and a version, which the member then refuses.</summary>
    public Task CreateAsync(Resource resource, CancellationToken cancellation) =>
        session.Client.Resources.CreateAsync(OwnMetadata(resource), cancellation: cancellation);

    /// <summary>Without what the system sets.</summary>
    public static Resource OwnMetadata(Resource resource) => resource with { Metadata = resource.Metadata with { Uid = null, CreationTimestamp = null } };

    /// <summary>With a version in the file it must be the stored one; without one the latest is replaced.</summary>
    public async Task ReplaceAsync(Resource resource, CancellationToken cancellation)
    {
        var sent = resource.Metadata.ResourceVersion is null
            ? OwnMetadata(resource)
            : resource;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await session.Client.Resources.ReplaceAsync(sent, cancellation: cancellation);
                return;
            }
            catch (ApiException e) when (e.Is(RefusalCode.Conflict) && resource.Metadata.ResourceVersion is null && attempt < Attempts)
            {
                await session.Terminal.Wait(Pause, cancellation);
            }
        }
    }

    /// <summary>Creates, or replaces what is there.</summary>
    public async Task ApplyAsync(Resource resource, CancellationToken cancellation)
    {
        if (resource.Metadata.ResourceVersion is not null)
        {
            await ReplaceAsync(resource, cancellation);
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await CreateAsync(resource, cancellation);
                return;
            }
            catch (ApiException e) when (e.Is(RefusalCode.AlreadyExists))
            {
                // Below: it is replaced.
            }

            try
            {
                await ReplaceAsync(resource, cancellation);
                return;
            }
            catch (ApiException e) when (e.Is(RefusalCode.NotFound) && attempt < Attempts)
            {
                // Deleted between the two calls: created again.
            }
        }
    }
}
