using ActorIpam.Client.Http;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Manifests;

/// <summary>Tells what changes would do to hosts, blocks, addresses and routes, and which of them the others would make impossible: the member rehearses all of them together.</summary>
internal static class ImpactText
{
    /// <param name="session">The member and the terminal.</param>
    /// <param name="apply">What would be applied, in this order.</param>
    /// <param name="delete">What would be deleted behind it.</param>
    /// <param name="mark">What each line begins with.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task PrintAsync(
        Session session, IReadOnlyCollection<Resource> apply, IReadOnlyCollection<(ResourceKind Kind, string Name)> delete, string mark, CancellationToken cancellation)
    {
        try
        {
            var report = await session.Client.Explaining.ImpactAsync(apply.Select(ResourceWrites.OwnMetadata), delete, cancellation);
            foreach (var item in report.Items)
            {
                // What is not there was told before, or an option lets it pass.
                var isRefused = item.Outcome == "refused";
                foreach (var effect in item.Effects.Where(effect => !isRefused || effect.Code != nameof(RefusalCode.NotFound)))
                {
                    await session.Terminal.Out.WriteLineAsync($"{mark}{item.Title}: {(isRefused ? "would be refused: " : "")}{effect.Message}");
                }
            }

            foreach (var route in report.Routes)
            {
                await session.Terminal.Out.WriteLineAsync($"{mark}{route}");
            }
        }
        catch (ApiException e) when (e.Status.Code is 404 or 405)
        {
            // A member of an older release cannot tell; what it checked has been told.
        }
    }
}
