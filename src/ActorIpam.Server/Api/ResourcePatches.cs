using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Door;
using ActorIpam.Server.Api.Patching;
using ActorIpam.Server.Api.Watching;

namespace ActorIpam.Server.Api;

/// <summary>PATCH of the resources: merge, JSON and apply (api.md §2).</summary>
internal sealed class ResourcePatches(IpamDoor door, CatalogFeed feed)
{
    /// <summary>How often a patch is made again when somebody else was faster.</summary>
    private const int Attempts = 5;

    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var names in ResourceKinds.All)
        {
            routes.MapPatch($"/apis/{ResourceKinds.ApiVersion}/{names.Plural}/{{name}}", context => PatchAsync(context, names.Kind));
        }
    }

    private async Task PatchAsync(HttpContext context, ResourceKind kind)
    {
        if (!ResourceParameters.OfPatching(context.Request).Is(out var dryRun, out var problem)
            || !FieldValidation.Of(context.Request).Is(out var validation, out problem)
            || !(await Patch.ReadAsync(context.Request)).Is(out var patch, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var name = ResourceAnswer.Name(context);
        for (var attempt = 1; ; attempt++)
        {
            var stored = await door.GetAsync(kind, name, context.RequestAborted);
            var creates = patch is Patch.Apply && stored.Refusals is [{ Code: RefusalCode.NotFound }, ..];
            if (stored.IsRefused && !creates)
            {
                await ResourceAnswer.WriteAsync(context, 200, stored, kind, name);
                return;
            }

            var wanted = creates ? ResourceBody.Read(((Patch.Apply)patch).Wanted.DeepClone(), kind, name, validation) : patch.On(stored.Value, validation);
            if (!wanted.Is(out var resource, out problem))
            {
                await context.Response.WriteAsync(problem);
                return;
            }

            var answer = await (creates ? door.CreateAsync(resource, dryRun, context.RequestAborted) : door.UpdateAsync(resource, dryRun, context.RequestAborted));

            // A patch that names no version is meant for whatever is stored: losing a race is no reason to bother its author.
            var lost = answer.Refusals is [{ Code: RefusalCode.Conflict or RefusalCode.AlreadyExists }, ..];
            if (!lost || patch.NamesVersion || attempt == Attempts)
            {
                feed.Wake();
                if (dryRun && !answer.IsRefused)
                {
                    await ImpactApi.WarnAsync(context, door, [resource], []);
                }

                await ResourceAnswer.WriteAsync(context, creates ? 201 : 200, answer, kind, name);
                return;
            }
        }
    }
}
