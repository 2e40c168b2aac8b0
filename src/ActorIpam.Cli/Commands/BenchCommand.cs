using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ActorIpam.Cli.Bench;
using ActorIpam.Client.Http;
using ActorIpam.Domain.Addressing;

namespace ActorIpam.Cli.Commands;

/// <summary>Puts a member or a cluster under load, measures how it answers, and leaves it as it was.</summary>
internal static class BenchCommand
{
    private const int MostHosts = 1000, MostClients = 1000, MostHeld = 4_000_000;
    private const double LongestSeconds = 3600;

    /// <summary>How long tidying up may take.</summary>
    private static readonly TimeSpan Tidying = TimeSpan.FromMinutes(10);

    private static readonly Option<string> Work = new("--workload", "-w") { Description = "assign, one-host, borrow, release, release-final or mixed.", HelpName = "WORKLOAD", DefaultValueFactory = _ => "assign" };
    private static readonly Option<int> Hosts = new("--hosts") { Description = $"Over how many hosts, 1 to {MostHosts}; one-host has one.", HelpName = "N", DefaultValueFactory = _ => 50 };
    private static readonly Option<int> Clients = new("--clients", "-c") { Description = $"How many callers, each with one request at a time, 1 to {MostClients}.", HelpName = "N", DefaultValueFactory = _ => 64 };
    private static readonly Option<string> Pool = new("--pool") { Description = "The range of the pool that is made; no other pool may overlap it.", HelpName = "CIDR", DefaultValueFactory = _ => "10.64.0.0/10" };
    private static readonly Option<int?> BlockSize = new("--block-size") { Description = "The prefix length of its blocks. [default: 26, or 122 for IPv6]", HelpName = "LENGTH" };
    private static readonly Option<double> Duration = new("--duration", "-d") { Description = "How long to measure.", HelpName = "SECONDS", DefaultValueFactory = _ => 10 };
    private static readonly Option<double> WarmUp = new("--warm-up") { Description = "How long to do the same before.", HelpName = "SECONDS", DefaultValueFactory = _ => 10 };
    private static readonly Option<string> By = new("--route") { Description = "any: each caller keeps to one of the members; owner: the member that owns the host is asked.", HelpName = "ROUTE", DefaultValueFactory = _ => "any" };
    private static readonly Option<int> Most = new("--most") { Description = "At most so many addresses are held at once; then some are released.", HelpName = "N", DefaultValueFactory = _ => MostHeld };
    private static readonly Option<int> UntilHeld = new("--until-held") { Description = "With assign: release nothing, and go on until so many addresses are held, without a warm-up and whatever --duration says.", HelpName = "N" };
    private static readonly Option<string[]> Cpu = new("--cpu") { Description = "Also tell the processor time of this process and its children, and of the generator, by operation: NAME=PID, from /proc.", HelpName = "NAME=PID" };
    private static readonly Option<string?> Json = new("--json") { Description = "Write the figures to this file too; - for standard output instead of the table.", HelpName = "FILE" };
    private static readonly Option<bool> Keep = new("--keep") { Description = "Leave pool, nodes and addresses there: for members that are thrown away." };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("bench", "Put a member or a cluster under load, and tell throughput and waiting times. Exit status 1 when an address was granted to two, or nothing was done.")
        {
            Examples =
            [
                ("Ten seconds of assigning, after ten of warming up.", "ipamctl bench"),
                ("All callers on one host.", "ipamctl bench --workload one-host --clients 16"),
                ("To the last address of sixteen blocks, again and again.", "ipamctl bench --workload borrow --pool 10.99.0.0/22"),
                ("Final releases, as a CNI plugin sends them.", "ipamctl bench --workload release-final"),
                ("A million addresses that stay.", "ipamctl bench --until-held 1000000 --keep"),
                ("A cluster whose callers know the owners, with figures for a program.", "ipamctl bench --server http://ipam-1:7080,http://ipam-2:7080 --route owner --json figures.json"),
            ],
        };
        foreach (var option in (Option[])[Work, Hosts, Clients, Pool, BlockSize, Duration, WarmUp, By, Most, UntilHeld, Cpu, Json, Keep])
        {
            command.Add(option);
        }

        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var plan = PlanOf(arguments);
        // Before the first connection: what an answer brings about is done where it came in, so that the generator takes little from what it measures.
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        ImmutableArray<ProcessTimes> processes = [.. (arguments.GetValue(Cpu) ?? []).Select(ProcessTimes.Parse)];
        if (!processes.IsEmpty)
        {
            processes = processes.Add(new("generator", Environment.ProcessId));
        }

        var options = Connection.Options(arguments, session.Terminal);
        var members = await Members.MeetAsync(options, plan.Route, cancellation);
        var ledger = new Ledger();
        ImmutableArray<BenchClient> clients = [.. Enumerable.Range(0, plan.Clients).Select(number => new BenchClient(number, plan, members, ledger))];
        var stage = new Stage(session.Client, plan);
        BenchResult result;
        try
        {
            await stage.SetUpAsync(cancellation);
            result = await new Load(plan, clients, processes).RunAsync(cancellation);
        }
        finally
        {
            if (!arguments.GetValue(Keep))
            {
                // Also after an interrupt: nobody else knows what was made.
                using var end = new CancellationTokenSource(Tidying);
                await stage.CleanUpAsync(clients, end.Token);
            }

            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }
        }

        await TellAsync(arguments, session.Terminal, result, ledger);
        return ledger.Twice.Count == 0 && result.Operations > 0 ? 0 : 1;
    }

    private static async Task TellAsync(ParseResult arguments, Terminal terminal, BenchResult result, Ledger ledger)
    {
        var file = arguments.GetValue(Json);
        if (file != "-")
        {
            result.WriteTable(terminal.Out);
        }

        if (file is not null)
        {
            using var text = new MemoryStream();
            await using (var json = new Utf8JsonWriter(text, new() { Indented = true }))
            {
                result.WriteJson(json, ledger.Twice.Count);
            }

            await WriteAsync(file, System.Text.Encoding.UTF8.GetString(text.ToArray()) + "\n", terminal);
        }

        foreach (var twice in ledger.Twice)
        {
            await terminal.Error.WriteLineAsync($"ipamctl: {twice}");
        }

        if (result.Operations == 0)
        {
            await terminal.Error.WriteLineAsync("ipamctl: Nothing was done: no request succeeded.");
        }
    }

    private static async Task WriteAsync(string file, string text, Terminal terminal)
    {
        if (file == "-")
        {
            await terminal.Out.WriteAsync(text);
            return;
        }

        try
        {
            await File.WriteAllTextAsync(file, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"--json {file}: {e.Message}");
        }
    }

    private static BenchPlan PlanOf(ParseResult arguments)
    {
        var word = arguments.GetValue(Work)!;
        var work = Enum.GetValues<Workload>().Cast<Workload?>().FirstOrDefault(one => one!.Value.Word() == word)
            ?? throw new CommandFailure($"There is no workload '{word}': use {string.Join(", ", Enum.GetValues<Workload>().Select(WorkloadWords.Word))}.");
        var route = arguments.GetValue(By) switch
        {
            "any" => Route.Any,
            "owner" => Route.Owner,
            var other => throw new CommandFailure($"--route is any or owner, not '{other}'."),
        };
        if (!Cidr.TryParse(arguments.GetValue(Pool)!, out var pool))
        {
            throw new CommandFailure($"--pool {arguments.GetValue(Pool)}: write a range, such as 10.64.0.0/10.");
        }

        var untilHeld = Within(arguments, UntilHeld, 0, MostHeld);
        if (untilHeld > 0 && (work != Workload.Assign || untilHeld > arguments.GetValue(Most)))
        {
            throw new CommandFailure("--until-held goes with the workload assign, and with no more than --most.");
        }

        var hosts = Within(arguments, Hosts, 1, MostHosts);
        return new(
            work,
            work == Workload.OneHost ? 1 : hosts,
            Within(arguments, Clients, 1, MostClients),
            pool,
            arguments.GetValue(BlockSize) ?? (pool.Family == IpFamily.V4 ? 26 : 122),
            Seconds(arguments, Duration, 0.1),
            Seconds(arguments, WarmUp, 0),
            route,
            Within(arguments, Most, arguments.GetValue(Clients), MostHeld),
            untilHeld);
    }

    private static int Within(ParseResult arguments, Option<int> option, int least, int most) =>
        arguments.GetValue(option) is var number && number >= least && number <= most
            ? number
            : throw new CommandFailure($"{option.Name} takes a number from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}.");

    private static TimeSpan Seconds(ParseResult arguments, Option<double> option, double least) =>
        arguments.GetValue(option) is var seconds && seconds >= least && seconds <= LongestSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new CommandFailure($"{option.Name} takes seconds, from {least.ToString(CultureInfo.InvariantCulture)} to {LongestSeconds.ToString(CultureInfo.InvariantCulture)}.");
}
