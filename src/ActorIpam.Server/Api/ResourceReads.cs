using System.Globalization;
using System.Text.Json.Nodes;
using ActorIpam.Client.Answers;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Door;
using ActorIpam.Server.Api.Selecting;
using ActorIpam.Server.Api.Tables;
using ActorIpam.Server.Api.Watching;

namespace ActorIpam.Server.Api;

/// <summary>What reads the resources: one, a list, or a watch, as objects or as a table (api.md §2).</summary>
internal sealed class ResourceReads(IpamDoor door, ResourceWatch watch)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var names in ResourceKinds.All)
        {
            var (path, kind) = ($"/apis/{ResourceKinds.ApiVersion}/{names.Plural}", names.Kind);
            routes.MapGet(path, context => ListAsync(context, kind));
            routes.MapGet(path + "/{name}", context => GetAsync(context, kind));
        }
    }

    private async Task GetAsync(HttpContext context, ResourceKind kind)
    {
        var at = context.Request.Instant("at");
        if ((ResourceParameters.OfGetting(context.Request) ?? at.Problem) is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var name = ResourceAnswer.Name(context);
        var answer = at.Value is { } then
            ? await door.Past.GetAsync(kind, name, then, context.RequestAborted)
            : await door.GetAsync(kind, name, context.RequestAborted);
        await ResourceAnswer.WriteAsync(context, 200, answer, kind, name);
    }

    private async Task ListAsync(HttpContext context, ResourceKind kind)
    {
        var request = context.Request;
        var at = request.Instant("at");
        if ((ResourceParameters.OfListing(request) ?? at.Problem) is { } unknown)
        {
            await context.Response.WriteAsync(unknown);
            return;
        }

        if (!Selection.Of(request).Is(out var selection, out var problem) || !Presentation.Of(request).Is(out var presentation, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        if (ResourceParameters.IsWatch(request))
        {
            await watch.ServeAsync(context, kind, selection, presentation);
            return;
        }

        var answer = at.Value is { } then ? await door.Past.ListAsync(kind, then, context.RequestAborted) : await door.ListAsync(kind, context.RequestAborted);
        if (answer.IsRefused)
        {
            await context.Response.WriteAsync(RefusalStatus.Of(answer.Refusals));
            return;
        }

        var list = answer.Value;
        await (ListPage.Of(list, selection, request).Is(out var page, out problem)
            ? ResourceAnswer.WriteAsync(context, 200, presentation.ShowList(ResourceKinds.Of(kind).Name, page.Items, Metadata(page), ResourceColumns.Of(kind), Presentation.Whole))
            : context.Response.WriteAsync(problem));
    }

    private static JsonObject Metadata(ListPage page)
    {
        var metadata = new JsonObject { ["resourceVersion"] = page.ResourceVersion.ToString(CultureInfo.InvariantCulture) };
        if (page.Continue is { } token)
        {
            metadata["continue"] = token;
            metadata["remainingItemCount"] = page.Remaining;
        }

        return metadata;
    }
}
