using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Door;
using ActorIpam.Ingest;
using ActorIpam.Server.Hosting;
using ActorIpam.Server.Telemetry;

namespace ActorIpam.Server.Applying;

/// <summary>Brings definitions into the catalog: creates what is missing, updates what differs (semantics.md §15, apply).</summary>
internal sealed class Application(IpamDoor door, TextWriter report, ILogger log)
{
    private const int UpdateAttempts = 5;

    /// <summary>In the order given; a refused one is noted and the rest continues.</summary>
    /// <exception cref="CannotStartException">At least one was refused.</exception>
    public async Task ApplyAsync(ImmutableArray<IngestedResource> definitions)
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        foreach (var definition in definitions)
        {
            var resource = definition.Resource;
            var answer = await ApplyOneAsync(resource);
            if (answer.IsRefused)
            {
                problems.AddRange(answer.Refusals.Select(refusal => definition.Locate(refusal).ToString()));
                continue;
            }

            await TellAsync(resource, answer.Value);
        }

        if (problems.Count > 0)
        {
            throw new CannotStartException($"{problems.Count} of the definitions were refused:") { Details = problems.ToImmutable() };
        }
    }

    /// <summary>Says what became of a definition.</summary>
    /// <param name="resource">The definition.</param>
    /// <param name="change">created, configured or unchanged.</param>
    public Task TellAsync(Resource resource, string change)
    {
        var kind = ResourceKinds.Of(resource.Kind).Singular;
        Log.DefinitionApplied(log, kind, resource.Metadata.Name, change);
        return report.WriteLineAsync($"{kind}/{resource.Metadata.Name} {change}");
    }

    /// <summary>Creates the Node if there is none.</summary>
    /// <exception cref="CannotStartException">The name is refused.</exception>
    public async Task RegisterAsync(string? node)
    {
        if (node is null)
        {
            return;
        }

        var created = await door.CreateAsync(new Node(new(node), new()), dryRun: false, CancellationToken.None);
        if (created.Refusals is [var refusal, ..] && refusal.Code != RefusalCode.AlreadyExists)
        {
            throw new CannotStartException($"--register-node {node}: {refusal.Message}");
        }
    }

    /// <summary>Whether the catalog as it is would take the definition; nothing is changed.</summary>
    public async Task<Answer<Resource>> TryAsync(Resource definition, CancellationToken cancellation)
    {
        var created = await door.CreateAsync(Unversioned(definition), dryRun: true, cancellation);
        return created.Refusals is [{ Code: RefusalCode.AlreadyExists }, ..] ? await door.UpdateAsync(definition, dryRun: true, cancellation) : created;
    }

    /// <returns>created, configured or unchanged.</returns>
    public async Task<Answer<string>> ApplyOneAsync(Resource definition)
    {
        var created = await door.CreateAsync(Unversioned(definition), dryRun: false, CancellationToken.None);
        if (!created.IsRefused)
        {
            return "created";
        }

        if (created.Refusals[0].Code != RefusalCode.AlreadyExists)
        {
            return created.Refusals;
        }

        for (var attempt = 1; ; attempt++)
        {
            var updated = await UpdateAsync(definition);
            if (updated.Refusals is not [{ Code: RefusalCode.Conflict }, ..] || definition.Metadata.ResourceVersion is not null || attempt == UpdateAttempts)
            {
                return updated;
            }
        }
    }

    private async Task<Answer<string>> UpdateAsync(Resource definition)
    {
        var stored = await door.GetAsync(definition.Kind, definition.Metadata.Name, CancellationToken.None);
        var wanted = await door.UpdateAsync(definition, dryRun: true, CancellationToken.None);
        if (stored.IsRefused || wanted.IsRefused)
        {
            return stored.IsRefused ? stored.Refusals : wanted.Refusals;
        }

        if (ResourceJson.Write(Unversioned(stored.Value)) == ResourceJson.Write(Unversioned(wanted.Value)))
        {
            return "unchanged";
        }

        var updated = await door.UpdateAsync(definition, dryRun: false, CancellationToken.None);
        return updated.IsRefused ? updated.Refusals : "configured";
    }

    private static Resource Unversioned(Resource resource) => resource with { Metadata = resource.Metadata with { ResourceVersion = null } };
}
