using System.Collections.Concurrent;
using Prometheus;

namespace ActorIpam.Server.Telemetry;

/// <summary>Times every call by method, route and code. A route is the pattern of the API, never the path, so that there are few of them.</summary>
internal sealed class HttpMetrics(MetricFactory make, TimeProvider time)
{
    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>What a caller who left before the answer is counted as, as web servers do.</summary>
    private const int CallerLeft = 499;

    private readonly Histogram _duration = make.CreateHistogram(
        "ipam_http_request_duration_seconds", "Calls by method, route and code; without those that follow changes.", ["method", "route", "code"],
        new HistogramConfiguration { Buckets = Seconds });

    private readonly Gauge _watches = make.CreateGauge("ipam_watches_open", "Callers that follow changes of resources or routes now.");

    // Looked up by a key that needs no memory; the labels of a route are made once.
    private readonly ConcurrentDictionary<(string Method, string Route, int Code), Histogram.Child> _known = new();

    public async Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.QueryString.HasValue && context.Request.Query["watch"] is ["true" or "1"])
        {
            await FollowedAsync(context, next);
            return;
        }

        var begun = time.GetTimestamp();
        await next(context);
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
        var code = context.RequestAborted.IsCancellationRequested ? CallerLeft : context.Response.StatusCode;
        _known.GetOrAdd((Method(context.Request.Method), route, code), static (key, all) => all.WithLabels(key.Method, key.Route, Text(key.Code)), _duration)
            .Observe(time.GetElapsedTime(begun).TotalSeconds);
    }

    private async Task FollowedAsync(HttpContext context, RequestDelegate next)
    {
        using (_watches.TrackInProgress())
        {
            await next(context);
        }
    }

    /// <summary>A caller can invent methods; they must not become labels.</summary>
    private static string Method(string method) => method is "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS" ? method : "other";

    private static string Text(int code) => code.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
