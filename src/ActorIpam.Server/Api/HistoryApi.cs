using System.Globalization;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Past;

namespace ActorIpam.Server.Api;

/// <summary>The calls about stretches of time: who held what, whose a block was, what a resource was; and blanking attributes.</summary>
internal sealed class HistoryApi(IpamPast past)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ipam/v1/history", HoldingsAsync);
        routes.MapGet("/ipam/v1/history/blocks", BlockAsync);
        routes.MapGet("/ipam/v1/history/resources", ResourceAsync);
        routes.MapPost("/ipam/v1/redact", context => Call.PostAsync(context, ApiJson.Default.RedactRequest, ApiJson.Default.RedactAnswer, past.RedactAsync));
    }

    private async Task HoldingsAsync(HttpContext context)
    {
        var request = context.Request;
        var (from, to, newest) = (request.Instant("from"), request.Instant("to"), request.Flag("newestFirst"));
        if ((request.UnknownParameter("ip", "handle", "host", "pool", "from", "to", "newestFirst", "limit", "continue")
            ?? from.Problem ?? to.Problem ?? newest.Problem ?? LimitOf(request).Problem) is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var query = new HistoryQuery
        {
            Ip = request.Parameter("ip"),
            Handle = request.Parameter("handle"),
            Host = request.Parameter("host"),
            Pool = request.Parameter("pool"),
            From = from.Value,
            To = to.Value,
            NewestFirst = newest.Value ?? false,
            Limit = LimitOf(request).Value,
            Continue = request.Parameter("continue"),
        };
        await Call.AnswerAsync(context, await past.HoldingsAsync(query, context.RequestAborted), ApiJson.Default.HistoryPage);
    }

    private async Task BlockAsync(HttpContext context)
    {
        var request = context.Request;
        if ((request.UnknownParameter("block", "limit", "continue") ?? LimitOf(request).Problem) is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var answer = await past.BlockHistoryAsync(request.Parameter("block") ?? "", LimitOf(request).Value, request.Parameter("continue"), context.RequestAborted);
        await Call.AnswerAsync(context, answer, ApiJson.Default.BlockHistoryPage);
    }

    private async Task ResourceAsync(HttpContext context)
    {
        var request = context.Request;
        if ((request.UnknownParameter("kind", "name", "limit", "continue") ?? LimitOf(request).Problem ?? Missing(request, "kind") ?? Missing(request, "name")) is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        if (!ResourceKinds.TryFind(request.Parameter("kind")!, out var kind))
        {
            await context.Response.WriteAsync(RefusalStatus.Of(new Refusal(RefusalCode.UnknownKind, $"There is no kind '{request.Parameter("kind")}'.", "kind")));
            return;
        }

        var answer = await past.ResourceHistoryAsync(kind, request.Parameter("name")!, LimitOf(request).Value, request.Parameter("continue"), context.RequestAborted);
        await Call.AnswerAsync(context, answer, ApiJson.Default.ResourceHistoryPage);
    }

    private static Status? Missing(HttpRequest request, string name) =>
        request.Parameter(name) is null ? RefusalStatus.Of(new Refusal(RefusalCode.Invalid, $"{name} is required.", name)) : null;

    private static Received<int> LimitOf(HttpRequest request) =>
        request.Parameter("limit") is not { } text ? new HistoryQuery().Limit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit
        : RefusalStatus.Of(new Refusal(RefusalCode.WrongType, "limit must be a whole number.", "limit"));
}
