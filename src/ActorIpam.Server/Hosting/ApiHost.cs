using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorIpam.Engine.Door;
using ActorIpam.Server.Api;
using ActorIpam.Server.Api.Watching;
using ActorIpam.Server.Applying;
using ActorIpam.Server.Cluster;
using ActorIpam.Server.Options;
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
    /// <summary>How long requests in flight may take when the member stops.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(20);

    /// <exception cref="CannotStartException">The certificate or the socket cannot be used.</exception>
    public static WebApplication Build(ServerOptions options, IpamDoor door, CatalogFeed feed, IngestLedger ledger, ClusterApi cluster)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "ipamd" });
        builder.Logging.LogTo(options.LogLevel);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = DrainTimeout);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseSockets(BindCarefully).ConfigureKestrel(kestrel => Listen(kestrel, options));

        var app = builder.Build();
        app.Use(Faults.AnswerAsync);
        app.UseRouting();
        Routes.Map(app, door, feed, ledger);
        cluster.Map(app);
        return app;
    }

    /// <summary>The URL users call, with the port that was bound. Only after the start.</summary>
    public static string Url(this WebApplication app, ListenAddress listen)
    {
        var bound = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        return listen.UrlWith(new Uri(bound.First(address => !address.Contains("unix:", StringComparison.Ordinal))).Port);
    }

    /// <summary>One line an entry, to stderr: stdout belongs to what users asked for.</summary>
    public static void LogTo(this ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level);

        // A failed start is told in one line by whoever started the host; this would print its stack as well.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        logging.AddSimpleConsole(o =>
        {
            o.SingleLine = true;
            o.UseUtcTimestamp = true;
            o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fff'Z' ";
            o.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    private static void BindCarefully(SocketTransportOptions sockets) => sockets.CreateBoundListenSocket = endpoint =>
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is UnixDomainSocketEndPoint local)
        {
            LocalSocket.Restrict(local);
        }

        return socket;
    };

    private static void Listen(KestrelServerOptions kestrel, ServerOptions options)
    {
        kestrel.AddServerHeader = false;

        // The calls bound their bodies themselves. What is a little too large is read to its end all the same: a connection that is cut
        // while the caller still sends would hide the answer that says so.
        kestrel.Limits.MaxRequestBodySize = 8 * Limits.LargeBody;
        var certificate = options.Tls is { } files ? Load(files) : null;
        kestrel.Listen(options.Listen.Address, options.Listen.Port, endpoint =>
        {
            if (certificate is not null)
            {
                endpoint.UseHttps(certificate);
            }
        });
        if (options.Socket is { } path)
        {
            LocalSocket.Prepare(path);
            kestrel.ListenUnixSocket(Path.GetFullPath(path));
        }
    }

    private static X509Certificate2 Load(CertificateFiles files)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"--tls-cert, --tls-key: {e.Message}", e);
        }
    }
}
