using System.Net.Sockets;
using ActorIpam.Engine;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Membership;
using ActorIpam.Server.Api.Console;
using ActorIpam.Server.Api.Watching;
using ActorIpam.Server.Applying;
using ActorIpam.Server.Cluster;
using ActorIpam.Server.Hosting.WarmUp;
using ActorIpam.Server.Options;
using ActorIpam.Server.Security;
using ActorIpam.Server.Telemetry;

namespace ActorIpam.Server.Hosting;

/// <summary>The life of the process: open the journal, start the member, apply, serve, drain.</summary>
internal static class Serving
{
    private const int Failed = 1;

    /// <returns>0 after a clean stop, 1 when it could not start or another process has taken its name; then one line on <paramref name="errors"/> says why.</returns>
    public static async Task<int> RunAsync(ServerOptions options, TextWriter output, TextWriter errors)
    {
        using var logging = LoggerFactory.Create(l => l.LogTo(options));
        try
        {
            var log = logging.CreateLogger("ActorIpam.Member");
            var code = await ServeAsync(options, log, output, options.Telemetry.LogFormat == LogFormat.Json ? TextWriter.Null : errors);
            Log.Stopped(log, options.Member);
            return code;
        }
        catch (CannotStartException e)
        {
            var code = Report(e, e.Message);
            foreach (var detail in e.Details)
            {
                await errors.WriteLineAsync(detail);
            }

            return code;
        }
        catch (UnavailableException e)
        {
            return Report(e, $"The journal does not take writes: {e.Message}");
        }
        catch (IOException e)
        {
            // Kestrel reports a port that is taken this way.
            return Report(e, e.Message);
        }
        catch (SocketException e)
        {
            return Report(e, $"{options.Listen.UrlWith(options.Listen.Port)} cannot be bound: {e.Message}");
        }

        int Report(Exception e, string sentence)
        {
            logging.CreateLogger("ipamd").LogDebug(e, "The member could not start.");
            return CommandLine.Complain(errors, sentence, Failed);
        }
    }

    private static async Task<int> ServeAsync(ServerOptions options, ILogger log, TextWriter output, TextWriter errors)
    {
        Log.Starting(log, options.Member, MemberTelemetry.Version, options.Journal.GetType().Name.ToLowerInvariant());
        // Read before anything is opened: a typing error in a definition must not leave half a start behind.
        var definitions = Definitions.Read(options.Apply);
        if (options.Cluster is { } cluster)
        {
            // Before anything listens to spans or counts.
            await Warming.RunAsync(cluster, log);
        }

        await using var journal = await OpenJournal.OpenAsync(options.Journal, TimeProvider.System);
        if (journal.Warning is { } warning)
        {
            await errors.WriteLineAsync("ipamd: " + warning);
            Log.StartWarning(log, warning);
        }

        var isNew = await journal.IsNewAsync();
        using var telemetry = new MemberTelemetry(options, log, TimeProvider.System);
        if (telemetry.SpanEndpoint is { } collector)
        {
            Log.Exporting(log, collector.ToString());
        }

        await using var attendance = await Attendance.BeginAsync(journal.Members, options, log);

        // Before it has joined a signal may end the process at once.
        using var signals = new StopSignals();
        var presence = attendance?.Presence;
        var watched = telemetry.Watch(journal.Journal);
        var ports = new MemberPorts(watched, journal.Views, TimeProvider.System, new SystemChance())
        {
            Faults = CrashPoint.FromEnvironment(),
            Due = journal.Due,
            Upkeep = journal.Upkeep,
            Reports = new StreamReports(log),
            Streams = journal.Streams,
            Cluster = presence is null ? null : new(presence, attendance!.Peers is { } peers ? telemetry.Watch(peers) : null),
            Past = journal.Past,
        };
        await using var member = Member.Start(ports, new() { Name = options.Member, Sweeping = options.Sweeping, Tunnels = new(), DecisionBytes = options.ExplainBytes });
        attendance?.Serve(member);
        var application = new Application(member.Door, errors, log);
        using var feed = new CatalogFeed(watched, TimeProvider.System);
        if (presence is not null)
        {
            presence.Beaten += seen => feed.Tell(seen.Catalog);
        }

        using var followed = new JournalFeed(journal.Streams, TimeProvider.System);
        var ledger = new IngestLedger(options.Watch);
        telemetry.Show(member, presence, ledger);
        await using var gate = new Gate(options, journal.Tokens, TimeProvider.System);
        await using var app = ApiHost.Build(
            options, gate, member.Door, feed, ledger, new OperatorApi(telemetry, member.Console, followed), new(options.Member, member, presence, attendance?.Peers));
        if (await gate.WarningAsync() is { } closed)
        {
            await errors.WriteLineAsync("ipamd: " + closed);
        }

        var preparing = PrepareAsync();
        if (await Task.WhenAny(preparing, signals.Asked) == signals.Asked)
        {
            Log.Draining(log, options.Member);
            if (attendance is not null)
            {
                // Others may have sent it requests already.
                await attendance.DrainAsync();
            }

            return 0;
        }

        await preparing;
        await app.StartAsync();
        var url = app.Url(options.Listen);
        Log.Ready(log, options.Member, url);
        await output.WriteLineAsync($"ready {url}");
        if (!options.Security.IsRequired && !options.Listen.IsHttps && (isNew || options.Apply is not null))
        {
            foreach (var command in await NextCommands.ForAsync(url, member.Door))
            {
                await output.WriteLineAsync(command);
            }
        }

        await output.FlushAsync();
        using var stopping = new CancellationTokenSource();
        var watching = options.Watch is { } folder
            ? new WatchedFolder(folder, new FileIngest(member.Door, application, feed.Wake, ledger, TimeProvider.System, errors, log), TimeProvider.System).RunAsync(stopping.Token)
            : Task.CompletedTask;
        var departure = await StopAskedAsync(signals, presence);
        Log.Draining(log, options.Member);
        app.Lifetime.StopApplication();
        if (departure == Departure.Superseded)
        {
            await errors.WriteLineAsync($"ipamd: Another process has joined the cluster as member {options.Member}, after this one (incarnation {presence!.Incarnation}): this one stops. Give each process a --member name of its own.");
        }
        else if (attendance is not null)
        {
            await attendance.DrainAsync();
        }

        await app.StopAsync();
        await stopping.CancelAsync();
        await watching;
        return departure == Departure.Superseded ? Failed : 0;

        async Task PrepareAsync()
        {
            await application.ApplyAsync(definitions);
            await application.RegisterAsync(options.RegisterNode);
            if (attendance is not null)
            {
                await attendance.NoticedAsync();
            }
        }
    }

    /// <summary>Returns when a signal comes, or when the cluster wants the member to stop.</summary>
    /// <returns>What the cluster wants; null for a signal.</returns>
    private static async Task<Departure?> StopAskedAsync(StopSignals signals, Presence? presence)
    {
        if (presence is null)
        {
            await signals.Asked;
            return null;
        }

        return await Task.WhenAny(signals.Asked, presence.Departing) == presence.Departing ? await presence.Departing : null;
    }
}
