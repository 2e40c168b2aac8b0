using ActorIpam.Engine.Turns;
using ActorIpam.Server.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ActorIpam.Server.Telemetry;

/// <summary>Sends the spans of requests, turns and commits to a collector, by OTLP. Without an endpoint none is made.</summary>
/// <remarks>
/// The standard variables of OpenTelemetry hold: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> (http/protobuf, the default here, or grpc),
/// <c>OTEL_EXPORTER_OTLP_HEADERS</c>, <c>OTEL_TRACES_SAMPLER</c>, <c>OTEL_RESOURCE_ATTRIBUTES</c>. The option goes before the variable.
/// </remarks>
internal sealed class SpanExport : IDisposable
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT", TracesVariable = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL", TracesPath = "v1/traces";

    private readonly TracerProvider _provider;

    private SpanExport(TracerProvider provider, Uri endpoint) => (_provider, Endpoint) = (provider, endpoint);

    public Uri Endpoint { get; }

    /// <returns>Null when no endpoint is named anywhere, or no spans are to be sent.</returns>
    public static SpanExport? Begin(ServerOptions options)
    {
        var isGrpc = Environment.GetEnvironmentVariable(ProtocolVariable) == "grpc";
        if (!options.Telemetry.SendsSpans || EndpointOf(options.Telemetry.OtlpEndpoint, isGrpc) is not { } endpoint)
        {
            return null;
        }

        var provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService("ipamd", serviceVersion: MemberTelemetry.Version, serviceInstanceId: options.Member))
            .AddSource(Tracing.SourceName)
            .AddAspNetCoreInstrumentation(requests => requests.Filter = static context => !IsProbe(context.Request.Path))
            .AddOtlpExporter(otlp =>
            {
                otlp.Endpoint = endpoint;
                otlp.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
            })
            .Build();
        return new(provider, endpoint);
    }

    /// <summary>Sends what has not been sent yet, for ten seconds at most.</summary>
    public void Dispose()
    {
        _provider.ForceFlush(10_000);
        _provider.Dispose();
    }

    /// <summary>The endpoint of all signals gets the path of spans over HTTP, as the standard says; one that was named for spans alone is taken as it is.</summary>
    private static Uri? EndpointOf(Uri? option, bool isGrpc)
    {
        var all = option ?? Absolute(Environment.GetEnvironmentVariable(EndpointVariable));
        var traces = option is null ? Absolute(Environment.GetEnvironmentVariable(TracesVariable)) : null;
        return traces ?? (all is null || isGrpc ? all : new Uri(all.AbsoluteUri.TrimEnd('/') + "/" + TracesPath));
    }

    private static Uri? Absolute(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : null;

    /// <summary>Probes and scrapes come every few seconds and tell nothing.</summary>
    private static bool IsProbe(PathString path) => path == "/healthz" || path == "/readyz" || path == "/metrics";
}
