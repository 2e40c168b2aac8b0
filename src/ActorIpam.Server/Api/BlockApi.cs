using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.Door;

namespace ActorIpam.Server.Api;

/// <summary>The calls about blocks, their hosts and their use (api.md §3).</summary>
internal sealed class BlockApi(IpamDoor door)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/ipam/v1/ensure-block", context =>
            Call.PostAsync(context, ApiJson.Default.EnsureBlockRequest, ApiJson.Default.EnsureBlockAnswer, door.EnsureBlockAsync));
        routes.MapPost("/ipam/v1/affinities/claim", context => AffinityAsync(context, door.ClaimAffinityAsync));
        routes.MapPost("/ipam/v1/affinities/release", context => AffinityAsync(context, door.ReleaseAffinityAsync));
        routes.MapPost("/ipam/v1/split", context => Call.PostAsync(context, ApiJson.Default.SplitRequest, ApiJson.Default.SplitAnswer, door.SplitAsync));
        routes.MapDelete("/ipam/v1/hosts/{host}", ReleaseHostAsync);
        routes.MapGet("/ipam/v1/blocks", BlocksAsync);
        routes.MapGet("/ipam/v1/utilization", UtilizationAsync);
    }

    private static Task AffinityAsync(HttpContext context, Func<AffinityRequest, CancellationToken, Task<Domain.Answer<AffinityAnswer>>> ask) =>
        Call.PostAsync(context, ApiJson.Default.AffinityRequest, ApiJson.Default.AffinityAnswer, ask);

    private async Task ReleaseHostAsync(HttpContext context)
    {
        var mustBeEmpty = context.Request.Flag("mustBeEmpty");
        if ((context.Request.UnknownParameter("mustBeEmpty") ?? mustBeEmpty.Problem) is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var host = (string)context.Request.RouteValues["host"]!;
        var answer = await door.ReleaseHostAffinitiesAsync(host, mustBeEmpty.Value ?? false, context.RequestAborted);
        await Call.AnswerAsync(context, answer, ApiJson.Default.AffinityAnswer);
    }

    private async Task BlocksAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.UnknownParameter("pool", "host") is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var answer = await door.BlocksAsync(new(request.Parameter("pool"), request.Parameter("host")), context.RequestAborted);
        await Call.AnswerAsync(context, answer.As(blocks => new BlockViews { Items = blocks }), ApiJson.Default.BlockViews);
    }

    private async Task UtilizationAsync(HttpContext context)
    {
        var request = context.Request;
        var blocks = request.Flag("blocks");
        if ((request.UnknownParameter("pool", "blocks") ?? blocks.Problem) is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var answer = await door.UtilizationAsync(request.Parameter("pool"), blocks.Value ?? false, context.RequestAborted);
        await Call.AnswerAsync(context, answer.As(pools => new Utilizations { Items = pools }), ApiJson.Default.Utilizations);
    }
}
