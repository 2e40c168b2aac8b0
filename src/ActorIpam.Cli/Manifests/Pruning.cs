using System.Collections.Immutable;
using ActorIpam.Client.Http;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Manifests;

/// <summary>Deletes what a set has dropped: after it was applied without a failure, and after somebody agreed.</summary>
internal sealed class Pruning(AppliedSet set, Session session)
{
    /// <param name="input">What was applied.</param>
    /// <param name="agreed">True when nobody needs to be asked.</param>
    /// <param name="dryRun">Whether only to say what would be deleted.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exit status.</returns>
    public async Task<int> RunAsync(ImmutableArray<Resource> input, bool agreed, bool dryRun, CancellationToken cancellation)
    {
        var dropped = await set.DroppedAsync(input, cancellation);
        if (!dropped.IsEmpty && !dryRun && !agreed && !Ask(dropped))
        {
            await session.Terminal.Error.WriteLineAsync("ipamctl: nothing was pruned.");
            return 1;
        }

        var failed = false;
        foreach (var resource in dropped)
        {
            try
            {
                // With the version it was seen in: what somebody has changed since is not what was agreed to.
                await session.Client.Resources.DeleteAsync(resource.Kind, resource.Metadata.Name, resource.Metadata.ResourceVersion, dryRun, cancellation);
                await session.Terminal.Out.WriteLineAsync($"{Title(resource)} pruned{(dryRun ? " (dry run)" : "")}");
            }
            catch (ApiException e)
            {
                failed = true;
                await session.Terminal.Error.WriteLineAsync($"ipamctl: {Title(resource)}: {e.Message}");
            }
        }

        return failed ? 1 : 0;
    }

    private bool Ask(ImmutableArray<Resource> dropped)
    {
        session.Terminal.Error.Write($"Not in the set '{set.Name}' any more: {string.Join(", ", dropped.Select(Title))}. Delete? [y/N] ");
        using var keyboard = new StreamReader(session.Terminal.Input());
        return keyboard.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static string Title(Resource resource) => $"{ResourceKinds.Of(resource.Kind).Singular}/{resource.Metadata.Name}";
}
