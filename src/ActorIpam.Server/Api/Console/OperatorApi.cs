using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.Door;
using ActorIpam.Server.Telemetry;
using Prometheus;

namespace ActorIpam.Server.Api.Console;

/// <summary>What operators and their programs ask of a member: its metrics, its actors, and the streams of the journal (api.md §3, Cluster).</summary>
internal sealed class OperatorApi(MemberTelemetry telemetry, ConsoleDoor console, JournalFeed journal)
{
    private const int DefaultLimit = 500, MostItems = 10_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Times every call.</summary>
    public Task MeasureAsync(HttpContext context, RequestDelegate next) => telemetry.Http.MeasureAsync(context, next);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/metrics", MetricsAsync);
        routes.MapGet("/cluster/v1/actors", ActorsAsync);
        routes.MapGet("/cluster/v1/actors/{**stream}", ActorAsync);
        routes.MapGet("/cluster/v1/journal", TailAsync);
        routes.MapGet("/cluster/v1/journal/{**stream}", StreamAsync);
    }

    private async Task MetricsAsync(HttpContext context)
    {
        var isOpen = context.Request.Headers.Accept.ToString().Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
        context.Response.ContentType = isOpen ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";
        await telemetry.Registry.CollectAndExportAsTextAsync(
            context.Response.Body, isOpen ? ExpositionFormat.OpenMetricsText : ExpositionFormat.PrometheusText, context.RequestAborted);
    }

    private async Task ActorsAsync(HttpContext context)
    {
        if (context.Request.UnknownParameter("kind", "limit", "continue") is { } problem || !Number(context.Request, "limit", DefaultLimit).Is(out var limit, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var actors = console.Actors(context.Request.Parameter("kind"), (int)Math.Min(limit, int.MaxValue), context.Request.Parameter("continue"));
        await Call.AnswerAsync(context, actors, ApiJson.Default.ActorList);
    }

    private async Task ActorAsync(HttpContext context)
    {
        if (context.Request.UnknownParameter() is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        await Call.AnswerAsync(context, await console.ActorAsync(StreamOf(context), context.RequestAborted), ApiJson.Default.ActorDetail);
    }

    private async Task StreamAsync(HttpContext context)
    {
        if (context.Request.UnknownParameter("from", "limit") is { } problem
            || !Number(context.Request, "from", 1).Is(out var from, out problem)
            || !Number(context.Request, "limit", DefaultLimit).Is(out var limit, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var page = await console.JournalAsync(StreamOf(context), from, (int)Math.Min(limit, int.MaxValue), context.RequestAborted);
        await Call.AnswerAsync(context, page, ApiJson.Default.JournalPage);
    }

    private async Task TailAsync(HttpContext context)
    {
        if (context.Request.UnknownParameter("after", "wait", "limit") is { } problem
            || !Number(context.Request, "wait", 0).Is(out var wait, out problem)
            || !Number(context.Request, "limit", DefaultLimit).Is(out var limit, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var (longest, most) = (TimeSpan.FromSeconds(Math.Min(wait, LongestWait.TotalSeconds)), (int)Math.Clamp(limit, 1, MostItems));
        if (await journal.AfterAsync(context.Request.Parameter("after"), longest, most, context.RequestAborted) is not var (rows, token))
        {
            await context.Response.WriteAsync(RefusalStatus.Of(410, "This member does not know that place in the journal; begin again without 'after'."));
            return;
        }

        ImmutableArray<JournalEntry> items = [.. rows.Select(ConsoleDoor.Show)];
        await context.Response.WriteAsync(200, new JournalPage { Items = items, Continue = token }, ApiJson.Default.JournalPage);
    }

    /// <summary>Names of streams have slashes, which a caller may write as they are or escaped.</summary>
    private static string StreamOf(HttpContext context) => Uri.UnescapeDataString((string)context.Request.RouteValues["stream"]!);

    private static Received<long> Number(HttpRequest request, string name, long otherwise) =>
        request.Parameter(name) is not { } text ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : RefusalStatus.Of(new Refusal(RefusalCode.WrongType, $"{name} must be a whole number.", name));
}
