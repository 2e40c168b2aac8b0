using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Text.Json;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Engine;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.Forwarding;
using ActorIpam.Runtime;
using ActorIpam.Server.Api;
using ActorIpam.Server.Hosting;
using ActorIpam.Server.Options;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ActorIpam.Server.Cluster;

/// <summary>The port for other members: HTTP/2 only, and nothing of the public API.</summary>
/// <remarks>
/// It is bound before the member joins, so that who reads its address can reach it. What comes before the member is there waits for it: a "no" would make it suspect at once.
/// The port is for members alone: with TLS the handshake ends without a certificate of the cluster.
/// </remarks>
internal sealed class ClusterHost : IAsyncDisposable
{
    /// <summary>Requests on one connection at once.</summary>
    private const int StreamsPerConnection = 256;

    /// <summary>How long somebody who names no time waits for a member that starts.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;
    private readonly TaskCompletionSource<Member> _member = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ClusterHost(ClusterCertificates? certificates, ServerOptions server, EndPoint endpoint)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "ipamd" });
        builder.Logging.LogTo(server);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listen(kestrel, endpoint, certificates));
        _app = builder.Build();
        _app.Use(Faults.AnswerAsync);
        _app.UseRouting();
        Map(ForwardedCalls.Assign);
        Map(ForwardedCalls.AssignIp);
        Map(ForwardedCalls.Release);
        Map(ForwardedCalls.ReleaseHandle);
        Map(ForwardedCalls.CollectGarbage);
        Map(ForwardedCalls.Remembered);
        _app.MapGet(PeerFigures.Path, async context => await context.Response.WriteAsync(200, (await MemberAsync(Longest, context.RequestAborted)).Figures, ApiJson.Default.MemberFigures));
    }

    /// <summary>Where other members reach this one.</summary>
    public Uri Url { get; private set; } = null!;

    /// <summary>Binds the port and serves.</summary>
    /// <param name="options">The address, and under which others know it.</param>
    /// <param name="certificates">What is shown and believed; null on loopback.</param>
    /// <param name="server">How the log is written.</param>
    /// <param name="instead">What is bound instead of the port. The options then say under which address it is known.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<ClusterHost> StartAsync(ClusterOptions options, ClusterCertificates? certificates, ServerOptions server, EndPoint? instead = null)
    {
        var host = new ClusterHost(certificates, server, instead ?? new IPEndPoint(options.Address, options.Port));
        try
        {
            await host._app.StartAsync();
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        var bound = host._app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        host.Url = options.UrlWith(instead is null ? new Uri(bound).Port : 0);
        return host;
    }

    /// <summary>From now on requests of other members are served.</summary>
    public void Serve(Member member) => _member.TrySetResult(member);

    public async ValueTask DisposeAsync()
    {
        // Who still waits for a member that did not start is let go.
        _member.TrySetException(new UnavailableException("The member does not serve."));
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static void Listen(KestrelServerOptions kestrel, EndPoint bound, ClusterCertificates? certificates)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 2 * Limits.LargeBody;
        kestrel.Limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
        kestrel.Listen(bound, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http2;
            if (certificates is not null)
            {
                endpoint.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(Handshake(certificates)) });
            }
        });
    }

    private static SslServerAuthenticationOptions Handshake(ClusterCertificates certificates) => new()
    {
        ServerCertificateContext = certificates.Shown,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, shown, _, _) => certificates.Believes(shown, ClusterCertificates.ClientUse),
        ApplicationProtocols = [SslApplicationProtocol.Http2],
    };

    private void Map<TRequest, TAnswer>(ForwardedCall<TRequest, TAnswer> call)
    {
        var shape = ForwardedShapes.Of(call);
        _app.MapPost(ForwardedHeaders.Path + call.Name, async context =>
        {
            if (await ReadAsync(context, shape) is not { } request)
            {
                return;
            }

            var since = Stopwatch.GetTimestamp();
            var member = await MemberAsync(request.Remaining, context.RequestAborted);
            var answer = await member.Forwarded.ServeAsync(call, request.Value, request.Remaining - Stopwatch.GetElapsedTime(since), request.Protocol, context.RequestAborted);
            await Call.AnswerAsync(context, answer, shape.Answer);
        });
    }

    /// <summary>The member, when it is there.</summary>
    /// <exception cref="UnavailableException">It is not there in time.</exception>
    private async Task<Member> MemberAsync(TimeSpan within, CancellationToken cancellation)
    {
        try
        {
            return await _member.Task.WaitAsync(within > TimeSpan.Zero ? within : TimeSpan.Zero, cancellation);
        }
        catch (TimeoutException)
        {
            throw new UnavailableException("The member is starting.");
        }
    }

    /// <summary>Null when the request is not understood; then it was answered without a refusal, so that the other member serves it itself.</summary>
    private static async Task<(TRequest Value, TimeSpan Remaining, int Protocol)?> ReadAsync<TRequest, TAnswer>(HttpContext context, ForwardedShape<TRequest, TAnswer> shape)
    {
        var headers = context.Request.Headers;
        if (!Number(headers[ForwardedHeaders.Remaining], out var milliseconds) || !Number(headers[ForwardedHeaders.Protocol], out var protocol))
        {
            await context.Response.WriteAsync(RefusalStatus.Of(400, $"The header {ForwardedHeaders.Remaining} or {ForwardedHeaders.Protocol} is missing or no number."));
            return null;
        }

        var body = await context.Request.BodyAsync(2 * Limits.LargeBody);
        if (!body.Is(out var utf8, out var problem))
        {
            await context.Response.WriteAsync(problem);
            return null;
        }

        try
        {
            return (JsonSerializer.Deserialize(utf8.Span, shape.Request) ?? throw new JsonException("null"), TimeSpan.FromMilliseconds(milliseconds), protocol);
        }
        catch (JsonException e)
        {
            await context.Response.WriteAsync(RefusalStatus.Of(400, $"The forwarded request is not understood: {e.Message}"));
            return null;
        }
    }

    private static bool Number(string? text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
