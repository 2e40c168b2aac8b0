using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain;
using ActorIpam.Engine.Door;

namespace ActorIpam.Server.Api;

/// <summary>The routes of a node (api.md §3), as they are or followed as they change.</summary>
internal sealed class RouteApi(IpamDoor door)
{
    /// <summary>Each follower reads what routes follow from once a second, so there are not many of them.</summary>
    private const int MostFollowers = 64;

    private int _followers;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/ipam/v1/routes/{node}", RoutesAsync);

    private async Task RoutesAsync(HttpContext context)
    {
        var (watch, at) = (context.Request.Flag("watch"), context.Request.Instant("at"));
        if ((context.Request.UnknownParameter("watch", "at") ?? watch.Problem ?? at.Problem ?? NotBoth(watch.Value, at.Value)) is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var node = (string)context.Request.RouteValues["node"]!;
        await (watch.Value == true ? FollowAsync(context, node)
            : at.Value is { } then ? Call.AnswerAsync(context, await door.Past.RoutesAsync(node, then, context.RequestAborted), ApiJson.Default.NodeRouting)
            : Call.AnswerAsync(context, await door.RoutesAsync(node, context.RequestAborted), ApiJson.Default.NodeRouting));
    }

    private static Status? NotBoth(bool? watch, DateTimeOffset? at) => watch == true && at is not null
        ? RefusalStatus.Of(new Refusal(RefusalCode.Invalid, "The past does not change: give watch or at, not both.", "at"))
        : null;

    private async Task FollowAsync(HttpContext context, string node)
    {
        try
        {
            if (Interlocked.Increment(ref _followers) > MostFollowers)
            {
                await context.Response.WriteAsync(RefusalStatus.Unavailable($"{MostFollowers} callers follow routes here already."));
                return;
            }

            var started = await door.WatchRoutesAsync(node, context.RequestAborted);
            await (started.IsRefused
                ? context.Response.WriteAsync(RefusalStatus.Of(started.Refusals))
                : new RouteFeed(started.Value, node, context.Response).RunAsync(Ending(context)));
        }
        finally
        {
            Interlocked.Decrement(ref _followers);
        }
    }

    /// <summary>A follower never finishes by itself: a member that stops must not wait for it.</summary>
    private static CancellationToken Ending(HttpContext context)
    {
        var ending = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        context.Response.RegisterForDispose(ending);
        return ending.Token;
    }
}
