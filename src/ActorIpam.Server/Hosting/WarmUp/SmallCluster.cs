using System.Net;
using System.Net.Sockets;
using ActorIpam.Client.Http;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Membership;
using ActorIpam.Server.Api.Console;
using ActorIpam.Server.Api.Watching;
using ActorIpam.Server.Applying;
using ActorIpam.Server.Cluster;
using ActorIpam.Server.Options;
using ActorIpam.Server.Security;
using ActorIpam.Server.Telemetry;

namespace ActorIpam.Server.Hosting.WarmUp;

/// <summary>Two members on one journal in memory, who reach each other as members do, and the API of the first: all that a request goes through, but for the database.</summary>
/// <remarks>
/// Nothing of it is logged, stored, counted or traced, and nobody can meet it: its sockets have names that were just made up, beside all files and ports. On a port it might
/// be taken for a member that had the port a moment ago, and a cluster would believe what it says.
/// </remarks>
internal sealed class SmallCluster : IAsyncDisposable
{
    private static readonly string[] Names = ["first", "second"];

    /// <summary>What was opened, to be closed in the opposite order.</summary>
    private readonly Stack<IAsyncDisposable> _opened = [];

    private readonly EndPoint _api = Socket();

    private SmallCluster()
    {
    }

    /// <param name="cluster">How the real member is known to others: these two show its certificate, each under the same name.</param>
    /// <param name="log">Where it says that certificates cannot be read.</param>
    /// <exception cref="CannotStartException">The certificates cannot be used.</exception>
    /// <exception cref="SocketException">This system has no sockets without a file.</exception>
    public static async Task<SmallCluster> StartAsync(ClusterOptions cluster, ILogger log)
    {
        var small = new SmallCluster();
        try
        {
            await small.OpenAsync(cluster, cluster.Tls is { } files ? new(files, TimeProvider.System, log) : null);
            return small;
        }
        catch
        {
            await small.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of its API.</summary>
    public HttpClient Connect() => new(new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, cancellation) => UnixSockets.ConnectAsync(_api, cancellation) })
    {
        BaseAddress = new("http://localhost"),
    };

    /// <summary>Closes all there is, whatever becomes of the others.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_opened.TryPop(out var last))
        {
            try
            {
                await last.DisposeAsync();
            }
            finally
            {
                await DisposeAsync();
            }
        }
    }

    private async Task OpenAsync(ClusterOptions cluster, ClusterCertificates? certificates)
    {
        var options = new ServerOptions
        {
            Listen = new(false, "localhost", IPAddress.Loopback, 0),
            Journal = new JournalChoice.Memory(),
            Member = Names[0],
            LogLevel = LogLevel.None,
            Telemetry = new() { SendsSpans = false },
        };
        using var logging = LoggerFactory.Create(log => log.LogTo(options));
        var journal = Opened(await OpenJournal.OpenAsync(options.Journal, TimeProvider.System));
        var telemetry = new MemberTelemetry(options, logging.CreateLogger("ActorIpam.Member"), TimeProvider.System);
        var sockets = new List<EndPoint>();
        var peers = new HttpPeers(certificates, address => sockets[address.Port - 1]);
        Opened(new Closing(telemetry, peers));

        var table = new MemoryMemberTable(TimeProvider.System, static () => Head.None);
        var hosts = new List<ClusterHost>();
        var presences = new List<Presence>();
        foreach (var name in Names)
        {
            sockets.Add(Socket());

            // The port tells the two apart and leads nowhere.
            var known = new UriBuilder(cluster.UrlWith(0)) { Port = sockets.Count }.Uri;
            var host = Opened(await ClusterHost.StartAsync(cluster with { Advertised = known }, certificates, options, sockets[^1]));
            var presence = new Presence(table, TimeProvider.System, new() { Name = name, Address = known.ToString().TrimEnd('/') });
            await presence.JoinAsync(CancellationToken.None);
            hosts.Add(host);
            presences.Add(presence);
        }

        // The first has not seen the second yet.
        await presences[0].BeatAsync(CancellationToken.None);
        var watched = telemetry.Watch(journal.Journal);
        var members = new List<Member>();
        foreach (var (presence, host) in presences.Zip(hosts))
        {
            var ports = new MemberPorts(watched, journal.Views, TimeProvider.System, new SystemChance()) { Due = journal.Due, Past = journal.Past, Cluster = new(presence, telemetry.Watch(peers)) };
            var member = Opened(Member.Start(ports, new() { Name = presence.Options.Name }));
            host.Serve(member);
            members.Add(member);
        }

        var feed = new CatalogFeed(watched, TimeProvider.System);
        var followed = new JournalFeed(journal.Streams, TimeProvider.System);
        Opened(new Closing(feed, followed));
        var ledger = new IngestLedger(null);
        telemetry.Show(members[0], presences[0], ledger);
        var gate = Opened(new Gate(options, journal.Tokens, TimeProvider.System));
        var app = Opened(ApiHost.Build(
            options, gate, members[0].Door, feed, ledger, new OperatorApi(telemetry, members[0].Console, followed), new(Names[0], members[0], presences[0], peers), _api));
        await app.StartAsync();
    }

    /// <summary>A name in the abstract namespace of Linux.</summary>
    private static UnixDomainSocketEndPoint Socket() => new($"\0ipamd-{Guid.NewGuid():N}");

    private T Opened<T>(T opened)
        where T : IAsyncDisposable
    {
        _opened.Push(opened);
        return opened;
    }

    /// <summary>What ends at once.</summary>
    private sealed class Closing(params IDisposable[] parts) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            foreach (var part in parts)
            {
                part.Dispose();
            }

            return ValueTask.CompletedTask;
        }
    }
}
