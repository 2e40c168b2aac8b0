using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain;
using ActorIpam.Server.Security;

namespace ActorIpam.Server.Api;

/// <summary>The common shape of the calls of api.md §3: check, read, ask the door, answer.</summary>
internal static class Call
{
    /// <summary>The body of a POST, or why it is refused: no parameters but those named, JSON only, at most <paramref name="limit"/> bytes, only known members.</summary>
    public static async ValueTask<Received<T>> ReadAsync<T>(
        HttpContext context, JsonTypeInfo<T> shape, int limit = Limits.SmallBody, Func<T, JsonElement, T>? complete = null, QuickReader<T>? quick = null,
        params ImmutableArray<string> parameters)
        where T : class, new()
    {
        if ((context.Request.UnknownParameter(parameters) ?? context.Request.WrongType("application/json")) is { } refused)
        {
            return refused;
        }

        var body = await context.Request.BodyAsync(limit);
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var read = RequestBody.Read(body.Value, shape, complete, quick);
        return !read.IsRefused && HostBinding.Refusal(context, read.Value) is { } denied ? denied : read;
    }

    /// <summary>A POST that is answered 200 or with a Status.</summary>
    public static async Task PostAsync<TRequest, TAnswer>(
        HttpContext context, JsonTypeInfo<TRequest> shape, JsonTypeInfo<TAnswer> answerShape, Func<TRequest, CancellationToken, Task<Answer<TAnswer>>> ask,
        int limit = Limits.SmallBody, QuickReader<TRequest>? quick = null)
        where TRequest : class, new()
    {
        var received = await ReadAsync(context, shape, limit, quick: quick);
        await (received.Is(out var request, out var problem)
            ? AnswerAsync(context, await ask(request, context.RequestAborted), answerShape)
            : context.Response.WriteAsync(problem));
    }

    /// <summary>200 with what was asked for, or the Status of the refusals.</summary>
    public static Task AnswerAsync<T>(HttpContext context, Answer<T> answer, JsonTypeInfo<T> shape) => answer.IsRefused
        ? context.Response.WriteAsync(RefusalStatus.Of(answer.Refusals))
        : context.Response.WriteAsync(200, answer.Value, shape);

    /// <summary>A body with a request id, which may also be given in the header <c>Idempotency-Key</c>; both when they are the same.</summary>
    public static async ValueTask<Received<T>> ReadNamedAsync<T>(
        HttpContext context, JsonTypeInfo<T> shape, Func<T, string?> idOf, Func<T, string?, T> named, int limit = Limits.SmallBody,
        Func<T, JsonElement, T>? complete = null, QuickReader<T>? quick = null, params ImmutableArray<string> parameters)
        where T : class, new()
    {
        var received = await ReadAsync(context, shape, limit, complete, quick, parameters);
        if (!received.Is(out var request, out var problem))
        {
            return problem;
        }

        ImmutableArray<string?> headers = [.. context.Request.Headers["Idempotency-Key"]];
        var inBody = idOf(request);
        return headers switch
        {
            [] => request,
            [var header] when inBody is null || inBody == header => named(request, header),
            _ => RefusalStatus.Of(new Refusal(RefusalCode.Invalid, "Idempotency-Key and requestId name different requests.", "requestId")),
        };
    }

    /// <summary>The same answer in another shape.</summary>
    public static Answer<TShown> As<T, TShown>(this Answer<T> answer, Func<T, TShown> show) =>
        answer.IsRefused ? answer.Refusals : show(answer.Value);
}
