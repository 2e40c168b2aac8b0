using System.Globalization;
using System.Text.Json;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.Door;
using ActorIpam.Server.Security;

namespace ActorIpam.Server.Api;

/// <summary>The calls about addresses (api.md §3): assign, release, look up.</summary>
internal sealed class AddressApi(IpamDoor door)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/ipam/v1/assign", AssignAsync);
        routes.MapPost("/ipam/v1/assign-ip", AssignIpAsync);
        routes.MapPost("/ipam/v1/release", ReleaseAsync);
        routes.MapPost("/ipam/v1/release-handle", ReleaseHandleAsync);
        routes.MapPost("/ipam/v1/gc", context =>
            Call.PostAsync(context, ApiJson.Default.GarbageRequest, ApiJson.Default.GarbageAnswer, door.CollectGarbageAsync, Limits.LargeBody));
        routes.MapGet("/ipam/v1/addresses", ListAsync);
        routes.MapGet("/ipam/v1/addresses/{ip}", GetAsync);
        routes.MapGet("/ipam/v1/addresses/{ip}/history", HistoryAsync);
    }

    private async Task AssignAsync(HttpContext context)
    {
        var received = await Call.ReadNamedAsync(
            context, ApiJson.Default.AssignRequest, r => r.RequestId, (r, id) => r with { RequestId = id }, complete: OneByDefault, quick: QuickBody.Assign, parameters: AssignModes.Parameters);
        if (!received.Is(out var request, out var problem) || !AssignModes.Of(context.Request).Is(out var mode, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var answer = await door.AssignAsync(request, mode, context.RequestAborted);
        if (answer.IsRefused)
        {
            await context.Response.WriteAsync(RefusalStatus.Of(answer.Refusals));
            return;
        }

        var reply = AssignReply.Of(answer.Value);
        await context.Response.WriteAsync(reply.Error?.Code ?? 200, reply, ApiJson.Default.AssignReply);
    }

    /// <summary>Who names no count of either family asks for one IPv4 address.</summary>
    private static AssignRequest OneByDefault(AssignRequest request, JsonElement body) =>
        body.TryGetProperty("ipv4", out _) || body.TryGetProperty("ipv6", out _) ? request : request with { Ipv4 = 1 };

    private async Task AssignIpAsync(HttpContext context)
    {
        var received = await Call.ReadNamedAsync(
            context, ApiJson.Default.AssignIpRequest, r => r.RequestId, (r, id) => r with { RequestId = id }, parameters: AssignModes.Parameters);
        await (received.Is(out var request, out var problem) && AssignModes.Of(context.Request).Is(out var mode, out problem)
            ? Call.AnswerAsync(context, await door.AssignIpAsync(request, mode, context.RequestAborted), ApiJson.Default.AssignedAddress)
            : context.Response.WriteAsync(problem));
    }

    private async Task ReleaseAsync(HttpContext context)
    {
        var received = await Call.ReadNamedAsync(
            context, ApiJson.Default.ReleaseRequest, r => r.RequestId, (r, id) => r with { RequestId = id }, Limits.LargeBody);
        if (!received.Is(out var request, out var problem) || (problem = HostBinding.Refusal(context, request)) is not null)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        await Call.AnswerAsync(context, await door.ReleaseAsync(request, context.Caller().OnlyHost, context.RequestAborted), ApiJson.Default.ReleaseAnswer);
    }

    private Task ReleaseHandleAsync(HttpContext context) => Call.PostAsync(
        context, ApiJson.Default.ReleaseHandleRequest, ApiJson.Default.ReleaseHandleAnswer,
        (request, cancellation) => door.ReleaseHandleAsync(request, context.Caller().OnlyHost, cancellation), quick: QuickBody.ReleaseHandle);

    private async Task ListAsync(HttpContext context)
    {
        var request = context.Request;
        var at = request.Instant("at");
        if ((request.UnknownParameter("handle", "host", "pool", "block", "borrowed", "limit", "continue", "at")
            ?? request.Flag("borrowed").Problem ?? at.Problem ?? LimitOf(request).Problem) is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var query = new AddressQuery
        {
            Handle = request.Parameter("handle"),
            Host = request.Parameter("host"),
            Pool = request.Parameter("pool"),
            Block = request.Parameter("block"),
            Borrowed = request.Flag("borrowed").Value,
            Limit = LimitOf(request).Value,
            Continue = request.Parameter("continue"),
        };
        var answer = at.Value is { } then ? await door.Past.AddressesAsync(query, then, context.RequestAborted) : await door.AddressesAsync(query, context.RequestAborted);
        await Call.AnswerAsync(context, answer.As(page => new AddressPage { Items = page.Items, Continue = page.Continue }), ApiJson.Default.AddressPage);
    }

    private async Task GetAsync(HttpContext context)
    {
        var at = context.Request.Instant("at");
        if ((context.Request.UnknownParameter("at") ?? at.Problem) is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var answer = at.Value is { } then
            ? await door.Past.AddressAsync(Ip(context), then, context.RequestAborted)
            : await door.AddressAsync(Ip(context), context.RequestAborted);
        await (!answer.IsRefused && HostBinding.Refusal(context, answer.Value) is { } denied
            ? context.Response.WriteAsync(denied)
            : Call.AnswerAsync(context, answer.As(AddressView.Of), ApiJson.Default.AddressView));
    }

    private async Task HistoryAsync(HttpContext context)
    {
        if (context.Request.UnknownParameter() is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var answer = await door.HistoryAsync(Ip(context), context.RequestAborted);
        await Call.AnswerAsync(context, answer.As(held => new HeldIntervals { Items = held }), ApiJson.Default.HeldIntervals);
    }

    private static string Ip(HttpContext context) => (string)context.Request.RouteValues["ip"]!;

    private static Received<int> LimitOf(HttpRequest request) =>
        request.Parameter("limit") is not { } text ? new AddressQuery().Limit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit
        : RefusalStatus.Of(new Refusal(RefusalCode.WrongType, "limit must be a whole number.", "limit"));
}
