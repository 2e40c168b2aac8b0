using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.Door;

namespace ActorIpam.Server.Api;

/// <summary>Why things are as they are: <c>GET /ipam/v1/explain</c>.</summary>
internal sealed class ExplainApi(IpamDoor door)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/ipam/v1/explain", ExplainAsync);

    private async Task ExplainAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.UnknownParameter("request", "handle", "ip") is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var query = new ExplainQuery { Request = request.Parameter("request"), Handle = request.Parameter("handle"), Ip = request.Parameter("ip") };
        await Call.AnswerAsync(context, await door.Explaining.ExplainAsync(query, context.RequestAborted), ExplainJson.Default.ExplainAnswer);
    }
}
