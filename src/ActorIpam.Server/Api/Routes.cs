using ActorIpam.Engine.Door;

namespace ActorIpam.Server.Api;

/// <summary>Every path the member answers.</summary>
internal static class Routes
{
    public static void Map(IEndpointRouteBuilder routes, IpamDoor door)
    {
        new AddressApi(door).Map(routes);
        new BlockApi(door).Map(routes);
        new ResourceApi(door).Map(routes);
        Discovery.Map(routes);
        routes.MapGet("/healthz", context => context.Response.WriteAsync("ok", context.RequestAborted));
        routes.MapGet("/readyz", async context =>
        {
            await door.ReadyAsync(context.RequestAborted);
            await context.Response.WriteAsync("ok", context.RequestAborted);
        });
    }
}
