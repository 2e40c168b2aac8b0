using ActorIpam.Engine.Door;

namespace ActorIpam.Server.Api;

/// <summary>Every path the member answers.</summary>
internal static class Routes
{
    public static void Map(IEndpointRouteBuilder routes, IpamDoor door)
    {
        new AddressApi(door).Map(routes);
        new BlockApi(door).Map(routes);
        new RouteApi(door).Map(routes);
        new ResourceApi(door).Map(routes);
        Discovery.Map(routes);
        routes.MapGet("/healthz", SayOkAsync);
        routes.MapGet("/readyz", async context =>
        {
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
