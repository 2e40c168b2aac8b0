using System.Reflection;
using ActorIpam.Engine;
using ActorIpam.Engine.Forwarding;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Membership;
using ActorIpam.Server.Applying;
using ActorIpam.Server.Options;
using Prometheus;

namespace ActorIpam.Server.Telemetry;

/// <summary>What a member shows of itself: metrics in a registry of its own, spans when they are wanted, and the log.</summary>
internal sealed class MemberTelemetry : IDisposable
{
    private readonly CommitMetrics _commits;
    private readonly MemberMetrics _counts;
    private readonly ClusterMetrics _cluster;
    private readonly TimeProvider _time;
    private readonly TimeSpan _slowCommit;
    private readonly IDisposable? _runtime;
    private readonly SpanExport? _spans;
    private PoolMetrics? _pools;

    public MemberTelemetry(ServerOptions options, ILogger log, TimeProvider time)
    {
        Log = log;
        _time = time;
        _slowCommit = options.Telemetry.SlowCommit;
        Make = Metrics.WithCustomRegistry(Registry);
        _commits = new(Make);
        _counts = new(Make);
        _cluster = new(Make);
        Http = new(Make, time);
        Make.CreateGauge("ipam_build_info", "1, with the version and the name of this member.", "version", "member").WithLabels(Version, options.Member).Set(1);
        DotNetStats.Register(Registry);
        _runtime = MeterAdapter.StartListening(new() { Registry = Registry, InstrumentFilterPredicate = static instrument => instrument.Meter.Name == "System.Runtime" });
        _spans = SpanExport.Begin(options);
    }

    public static string Version { get; } = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0.0.0";

    public ILogger Log { get; }

    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    /// <summary>Makes further metrics of this member; what they show is told to <see cref="Registry"/> before each scrape.</summary>
    public MetricFactory Make { get; }

    public HttpMetrics Http { get; }

    /// <summary>Where spans go; null when they are not made.</summary>
    public Uri? SpanEndpoint => _spans?.Endpoint;

    /// <summary>The same journal, measured and watched.</summary>
    public IJournal Watch(IJournal journal) => new WatchedJournal(journal, _commits, _time, _slowCommit, Log);

    /// <summary>The same way to other members, timed and watched.</summary>
    public IPeers Watch(IPeers peers) => new WatchedPeers(peers, _cluster.Durations, _time, Log);

    /// <summary>Shows this member when somebody scrapes. Called once, before the first scrape.</summary>
    public void Show(Member member, Presence? presence, IngestLedger ledger)
    {
        _pools = new(Make, member.Console, _time, Log);
        Registry.AddBeforeCollectCallback(() => _counts.Show(member, ledger));
        Registry.AddBeforeCollectCallback(() => _cluster.Show(member, presence));
        Registry.AddBeforeCollectCallback(_pools.ShowAsync);
    }

    public void Dispose()
    {
        _spans?.Dispose();
        _runtime?.Dispose();
        _pools?.Dispose();
    }
}
