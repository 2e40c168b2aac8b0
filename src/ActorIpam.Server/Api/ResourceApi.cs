using System.Collections.Immutable;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Door;
using ActorIpam.Server.Api.Watching;

namespace ActorIpam.Server.Api;

/// <summary>What changes the resources of <c>projectcalico.org/v3</c>, by the conventions of the Kubernetes API (api.md §2).</summary>
internal sealed class ResourceApi(IpamDoor door, CatalogFeed feed)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var names in ResourceKinds.All)
        {
            var (all, one, kind) = ($"/apis/{ResourceKinds.ApiVersion}/{names.Plural}", $"/apis/{ResourceKinds.ApiVersion}/{names.Plural}/{{name}}", names.Kind);
            routes.MapPost(all, context => CreateAsync(context, kind));
            routes.MapPut(one, context => ReplaceAsync(context, kind));
            routes.MapDelete(one, context => DeleteAsync(context, kind));
        }
    }

    private async Task CreateAsync(HttpContext context, ResourceKind kind)
    {
        if (!ResourceParameters.OfWriting(context.Request).Is(out var dryRun, out var problem)
            || !FieldValidation.Of(context.Request).Is(out var validation, out problem)
            || !(await ResourceBody.ReadAsync(context.Request, kind, name: null, validation)).Is(out var resource, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var answer = await door.CreateAsync(resource, dryRun, context.RequestAborted);
        feed.Wake();
        await WarnAsync(context, dryRun, answer.IsRefused, [resource], []);
        await ResourceAnswer.WriteAsync(context, 201, answer, kind, resource.Metadata.Name);
    }

    private async Task ReplaceAsync(HttpContext context, ResourceKind kind)
    {
        if (!ResourceParameters.OfWriting(context.Request).Is(out var dryRun, out var problem)
            || !FieldValidation.Of(context.Request).Is(out var validation, out problem)
            || !(await ResourceBody.ReadAsync(context.Request, kind, ResourceAnswer.Name(context), validation)).Is(out var resource, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var answer = await door.UpdateAsync(resource, dryRun, context.RequestAborted);
        feed.Wake();
        await WarnAsync(context, dryRun, answer.IsRefused, [resource], []);
        await ResourceAnswer.WriteAsync(context, 200, answer, kind, resource.Metadata.Name);
    }

    private async Task DeleteAsync(HttpContext context, ResourceKind kind)
    {
        var name = ResourceAnswer.Name(context);
        if (!ResourceParameters.OfDeleting(context.Request).Is(out var dryRun, out var problem)
            || !(await DeleteOptions.ReadAsync(context.Request)).Is(out var options, out problem)
            || !(await ExpectedVersionAsync(options, kind, name, context.RequestAborted)).Is(out var version, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var answer = await door.DeleteAsync(kind, name, version, dryRun || options.IsDryRun, context.RequestAborted);
        feed.Wake();
        if (answer.IsRefused)
        {
            await ResourceAnswer.WriteAsync(context, 200, answer, kind, name);
            return;
        }

        await WarnAsync(context, dryRun || options.IsDryRun, isRefused: false, [], [new(kind, name)]);
        await context.Response.WriteAsync(new Status
        {
            Result = "Success",
            Code = 200,
            Details = new() { Name = name, Group = ResourceKinds.ApiGroup, Kind = ResourceKinds.Of(kind).Plural, Uid = answer.Value.Metadata.Uid },
        });
    }

    /// <summary>A dry run that would be taken tells what it would do.</summary>
    private Task WarnAsync(HttpContext context, bool dryRun, bool isRefused, ImmutableArray<Resource> apply, ImmutableArray<ResourceName> delete) =>
        dryRun && !isRefused ? ImpactApi.WarnAsync(context, door, apply, delete) : Task.CompletedTask;

    /// <summary>The version a delete expects. A uid is turned into the version under which it was seen: the resource cannot be another one then.</summary>
    private async Task<Received<long?>> ExpectedVersionAsync(DeleteOptions options, ResourceKind kind, string name, CancellationToken cancellation)
    {
        long? version = null;
        if (options.Preconditions?.ResourceVersion is { } text)
        {
            if (!long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var given))
            {
                return RefusalStatus.Of(new Refusal(RefusalCode.Malformed, "preconditions.resourceVersion must be a number in quotes.", "preconditions.resourceVersion"));
            }

            version = given;
        }

        if (options.Preconditions?.Uid is not { } uid)
        {
            return version;
        }

        var stored = await door.GetAsync(kind, name, cancellation);
        if (stored.IsRefused)
        {
            return RefusalStatus.Of(stored.Refusals, ResourceKinds.Of(kind).Name, name);
        }

        return stored.Value.Metadata.Uid == uid
            ? version ?? stored.Value.Metadata.ResourceVersion
            : RefusalStatus.Of(new Refusal(RefusalCode.Conflict, $"The stored uid is {stored.Value.Metadata.Uid}, not {uid}.", "preconditions.uid"), ResourceKinds.Of(kind).Name, name);
    }
}
