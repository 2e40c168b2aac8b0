using System.Net.Sockets;
using ActorIpam.Engine;
using ActorIpam.Runtime;
using ActorIpam.Server.Api.Watching;
using ActorIpam.Server.Applying;
using ActorIpam.Server.Options;

namespace ActorIpam.Server.Hosting;

/// <summary>The life of the process: open the journal, start the member, apply, serve, drain.</summary>
internal static class Serving
{
    private const int Failed = 1;

    /// <returns>0 after a clean stop, 1 when it could not start; then one line on <paramref name="errors"/> says why.</returns>
    public static async Task<int> RunAsync(ServerOptions options, TextWriter output, TextWriter errors)
    {
        using var logging = LoggerFactory.Create(l => l.LogTo(options.LogLevel));
        try
        {
            await ServeAsync(options, new StreamReports(logging.CreateLogger("ipamd")), output, errors);
            return 0;
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

    private static async Task ServeAsync(ServerOptions options, StreamReports reports, TextWriter output, TextWriter errors)
    {
        // Read before anything is opened: a typing error in a definition must not leave half a start behind.
        var definitions = Definitions.Read(options.Apply);
        await using var journal = await OpenJournal.OpenAsync(options.Journal, TimeProvider.System);
        if (journal.Warning is { } warning)
        {
            await errors.WriteLineAsync("ipamd: " + warning);
        }

        var isNew = await journal.IsNewAsync();
        var ports = new MemberPorts(journal.Journal, journal.Views, TimeProvider.System, new SystemChance())
        {
            Faults = CrashPoint.FromEnvironment(),
            Due = journal.Due,
            Upkeep = journal.Upkeep,
            Reports = reports,
        };
        await using var member = Member.Start(ports, new() { Name = options.Member, Sweeping = options.Sweeping, Tunnels = new() });
        var application = new Application(member.Door, errors);
        await application.ApplyAsync(definitions);
        await application.RegisterAsync(options.RegisterNode);

        using var feed = new CatalogFeed(journal.Journal, TimeProvider.System);
        var ledger = new IngestLedger(options.Watch);
        await using var app = ApiHost.Build(options, member.Door, feed, ledger);
        await app.StartAsync();
        var url = app.Url(options.Listen);
        await output.WriteLineAsync($"ready {url}");
        if (isNew || options.Apply is not null)
        {
            foreach (var command in await NextCommands.ForAsync(url, member.Door))
            {
                await output.WriteLineAsync(command);
            }
        }

        await output.FlushAsync();
        using var stopping = new CancellationTokenSource();
        var watching = options.Watch is { } folder
            ? new WatchedFolder(folder, new FileIngest(member.Door, application, feed.Wake, ledger, TimeProvider.System, errors), TimeProvider.System).RunAsync(stopping.Token)
            : Task.CompletedTask;
        await app.WaitForShutdownAsync();
        await stopping.CancelAsync();
        await watching;
    }
}
