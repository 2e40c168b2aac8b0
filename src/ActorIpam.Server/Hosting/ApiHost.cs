using System.Net;
using System.Net.Sockets;
using ActorIpam.Engine.Door;
using ActorIpam.Server.Api;
using ActorIpam.Server.Api.Console;
using ActorIpam.Server.Api.Watching;
using ActorIpam.Server.Applying;
using ActorIpam.Server.Cluster;
using ActorIpam.Server.Options;
using ActorIpam.Server.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Console;

namespace ActorIpam.Server.Hosting;

/// <summary>The web host around a member's door.</summary>
/// <remarks>Built from an empty builder: nothing watches files, because a journal under the working folder would wake the watcher at every write.</remarks>
internal static class ApiHost
{
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fff'Z'";

    /// <summary>How long requests in flight may take when the member stops.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(20);

    /// <param name="instead">What is bound instead of the address and the socket that the options name.</param>
    /// <exception cref="CannotStartException">A file the gate needs, or the socket, cannot be used.</exception>
    public static WebApplication Build(
        ServerOptions options, Gate gate, IpamDoor door, CatalogFeed feed, IngestLedger ledger, OperatorApi operators, ClusterApi cluster, EndPoint? instead = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "ipamd" });
        builder.Logging.LogTo(options);
        builder.Logging.AddFilter(Audit.Category, options.LogLevel == LogLevel.None ? LogLevel.None : LogLevel.Information);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = DrainTimeout);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseSockets(BindCarefully).ConfigureKestrel(kestrel => Listen(kestrel, options, gate, instead));

        var app = builder.Build();
        app.Use(operators.MeasureAsync);
        app.Use(Faults.AnswerAsync);
        app.UseRouting();
        gate.Guard(app);
        Routes.Map(app, door, feed, ledger, operators);
        cluster.Map(app);
        gate.Map(app);
        gate.Open(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ActorIpam.Gate"));
        return app;
    }

    /// <summary>The URL users call, with the port that was bound. Only after the start.</summary>
    public static string Url(this WebApplication app, ListenAddress listen)
    {
        var bound = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        return listen.UrlWith(new Uri(bound.First(address => !address.Contains("unix:", StringComparison.Ordinal))).Port);
    }

    /// <summary>One line an entry, to stderr: stdout belongs to what users asked for.</summary>
    public static void LogTo(this ILoggingBuilder logging, ServerOptions options)
    {
        logging.SetMinimumLevel(options.LogLevel);

        // A failed start is told in one line by whoever started the host; this would print its stack as well.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        if (options.LogLevel >= LogLevel.Information)
        {
            // A few lines a request that tell an operator nothing; metrics count requests.
            logging.AddFilter("Microsoft", LogLevel.Warning);
        }

        if (options.Telemetry.LogFormat == LogFormat.Json)
        {
            logging.AddJsonConsole(o =>
            {
                (o.UseUtcTimestamp, o.TimestampFormat) = (true, Timestamp);
                o.JsonWriterOptions = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            });
        }
        else
        {
            logging.AddSimpleConsole(o =>
            {
                (o.SingleLine, o.UseUtcTimestamp, o.TimestampFormat) = (true, true, Timestamp + " ");
                o.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }

        logging.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static void BindCarefully(SocketTransportOptions sockets) => sockets.CreateBoundListenSocket = endpoint =>
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is UnixDomainSocketEndPoint local && Path.IsPathRooted(local.ToString()))
        {
            LocalSocket.Restrict(local);
        }

        return socket;
    };

    private static void Listen(KestrelServerOptions kestrel, ServerOptions options, Gate gate, EndPoint? instead)
    {
        kestrel.AddServerHeader = false;

        // The calls bound their bodies themselves. What is a little too large is read to its end all the same: a connection that is cut
        // while the caller still sends would hide the answer that says so.
        kestrel.Limits.MaxRequestBodySize = 8 * Limits.LargeBody;
        gate.Limit(kestrel.Limits);
        if (instead is not null)
        {
            kestrel.Listen(instead);
            return;
        }

        kestrel.Listen(options.Listen.Address, options.Listen.Port, gate.Encrypt);
        if (options.Socket is { } path)
        {
            LocalSocket.Prepare(path);
            kestrel.ListenUnixSocket(Path.GetFullPath(path));
        }
    }
}
