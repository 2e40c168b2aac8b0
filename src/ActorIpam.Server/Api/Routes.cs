using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Engine.Door;
using ActorIpam.Server.Api.Console;
using ActorIpam.Server.Api.Describing;
using ActorIpam.Server.Api.Watching;
using ActorIpam.Server.Applying;

namespace ActorIpam.Server.Api;

/// <summary>Every path the member answers.</summary>
internal static class Routes
{
    public static void Map(IEndpointRouteBuilder routes, IpamDoor door, CatalogFeed feed, IngestLedger ledger, OperatorApi operators)
    {
        var stopping = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        new AddressApi(door).Map(routes);
        new BlockApi(door).Map(routes);
        new ExplainApi(door).Map(routes);
        new CheckApi(door).Map(routes);
        new ImpactApi(door).Map(routes);
        new RouteApi(door).Map(routes);
        new RecoveryApi(door.Recovery, feed).Map(routes);
        new HistoryApi(door.Past).Map(routes);
        new ResourceApi(door, feed).Map(routes);
        new ResourcePatches(door, feed).Map(routes);
        new ResourceReads(door, new(door, feed, TimeProvider.System, stopping)).Map(routes);
        new BlockViewsApi(door).Map(routes);
        routes.MapGet("/cluster/v1/ingest", context => context.Response.WriteAsync(200, ledger.Status(), ApiJson.Default.IngestStatus));
        operators.Map(routes);
        Discovery.Map(routes);
        OpenApi.Map(routes);
        routes.MapGet("/healthz", SayOkAsync);
        routes.MapGet("/readyz", async context =>
        {
            if (stopping.IsCancellationRequested)
            {
                await context.Response.WriteAsync(RefusalStatus.Unavailable("The member stops."));
                return;
            }

            await door.ReadyAsync(context.RequestAborted);
            await SayOkAsync(context);
        });
    }

    private static Task SayOkAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = 2;
        return context.Response.WriteAsync("ok", context.RequestAborted);
    }
}
