using System.CommandLine;
using System.Diagnostics;
using ActorIpam.Cli.Printing;
using ActorIpam.Simulation;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Shrinking;

namespace ActorIpam.Cli.Commands;

/// <summary>Plays worlds in the simulator: whole members, production code, under virtual time and faults, judged by every law. No member is asked.</summary>
internal static class SimCommand
{
    private static readonly Option<int> Count = new("--seeds", "-n") { Description = "How many worlds to play.", HelpName = "N", DefaultValueFactory = _ => 200 };
    private static readonly Option<long> First = new("--first") { Description = "The first of them.", HelpName = "SEED", DefaultValueFactory = _ => 1 };
    private static readonly Option<long?> Seed = new("--seed") { Description = "Play this one only.", HelpName = "SEED" };
    private static readonly Option<int> Jobs = new("--jobs", "-j") { Description = "How many worlds to play at once.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
    private static readonly Option<bool> Story = new("--story") { Description = "With --seed: tell everything that happened, step by step." };
    private static readonly Option<string> World = new("--world") { Description = "With --seed: make the world smaller, as a failing run says: members=1,no-sweeps.", HelpName = "CHANGES", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> Coverage = new("--coverage") { Description = "Show how often each step of the code met each kind of fault." };
    private static readonly Option<bool> NoShrink = new("--no-shrink") { Description = "Do not look for a smaller world that breaks the same law." };

    /// <summary>How often a run tells how far it is: a line that changes on a terminal, a line more wherever else its errors go.</summary>
    private static readonly TimeSpan OnScreen = TimeSpan.FromMilliseconds(100), InLogs = TimeSpan.FromMinutes(1);

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("sim", "Play simulated clusters under faults and judge each by every law; nothing outside this program is touched.")
        {
            Examples =
            [
                ("Two hundred worlds, on all processors.", "ipamctl sim"),
                ("Ten thousand others, one at a time.", "ipamctl sim --seeds 10000 --first 50001 --jobs 1"),
                ("What happened in one world?", "ipamctl sim --seed 4711 --story"),
                ("The same seed in a smaller world.", "ipamctl sim --seed 4711 --story --world members=1,pods=1"),
                ("Which steps met which faults?", "ipamctl sim --seeds 500 --coverage"),
            ],
        };
        foreach (var option in (Option[])[Count, First, Seed, Jobs, Story, World, Coverage, NoShrink])
        {
            command.Add(option);
        }

        return (command, (arguments, session, cancellation) => RunAsync(arguments, session, (seed, plan) => Run.Of(seed, plan), cancellation));
    }

    /// <param name="arguments">What was typed.</param>
    /// <param name="session">The terminal.</param>
    /// <param name="play">Plays a seed in a world.</param>
    /// <param name="cancellation">Ends the run between two worlds; what was played is told.</param>
    internal static async Task<int> RunAsync(ParseResult arguments, Session session, Func<ulong, WorldPlan, Verdict> play, CancellationToken cancellation)
    {
        Check(arguments);
        return arguments.GetValue(Seed) is { } seed
            ? await OneAsync(arguments, session, (ulong)seed, play)
            : await ManyAsync(arguments, session, play, cancellation);
    }

    private static void Check(ParseResult arguments)
    {
        Demand(arguments.GetValue(Count) > 0, "--seeds must be at least 1.");
        Demand(arguments.GetValue(Jobs) > 0, "--jobs must be at least 1.");
        Demand(arguments.GetValue(First) > 0 && arguments.GetValue(Seed) is null or > 0, "Seeds are counted from 1.");
        Demand(arguments.GetValue(Seed) is not null || !(arguments.GetValue(Story) || arguments.GetValue(World) is { Length: > 0 }), "--story and --world need --seed: they are about one world.");
    }

    private static void Demand(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new CommandFailure(otherwise);
        }
    }

    private static async Task<int> OneAsync(ParseResult arguments, Session session, ulong seed, Func<ulong, WorldPlan, Verdict> play)
    {
        var plan = PlanOf(seed, arguments.GetValue(World)!);
        var verdict = play(seed, plan);
        var output = session.Terminal.Out;
        if (arguments.GetValue(Story))
        {
            foreach (var line in verdict.Story.Lines)
            {
                await output.WriteLineAsync(line.ToString());
            }
        }

        var report = new SwarmReport();
        report.Add(verdict);
        await output.WriteLineAsync($"seed {seed}: {plan}");
        foreach (var violation in verdict.Violations)
        {
            await output.WriteLineAsync($"  {violation}");
        }

        await output.WriteLineAsync(verdict.IsLawful ? $"seed {seed} is lawful." : $"seed {seed} breaks {verdict.Law}: {verdict.Summary}");
        await SimFigures.WriteAsync(output, report, null, arguments.GetValue(Coverage));
        return verdict.IsLawful ? 0 : 1;
    }

    private static async Task<int> ManyAsync(ParseResult arguments, Session session, Func<ulong, WorldPlan, Verdict> play, CancellationToken cancellation)
    {
        var (count, jobs, terminal) = (arguments.GetValue(Count), arguments.GetValue(Jobs), session.Terminal);
        var report = new SwarmReport();
        var watch = Stopwatch.StartNew();
        var shown = TimeSpan.Zero;
        Swarm.Play(Swarm.Range((ulong)arguments.GetValue(First), (ulong)count), jobs, seed => play(seed, Run.PlanOf(seed)), (_, verdict) =>
        {
            report.Add(verdict);
            if (watch.Elapsed - shown > (terminal.IsInteractive ? OnScreen : InLogs))
            {
                shown = watch.Elapsed;
                var sofar = $"{report.Worlds} of {count} worlds, {report.Broken.Count} broken, {report.Worlds / watch.Elapsed.TotalSeconds:0.0} a second";
                terminal.Error.Write(terminal.IsInteractive ? $"\r{sofar} " : $"{sofar}\n");
            }

            return !cancellation.IsCancellationRequested;
        });
        await EndLineAsync(terminal);
        await SimFigures.WriteAsync(terminal.Out, report, watch.Elapsed, arguments.GetValue(Coverage));
        foreach (var verdict in report.Broken)
        {
            await terminal.Out.WriteLineAsync($"\nseed {verdict.Seed} breaks {verdict.Law}: {verdict.Summary}");
        }

        if (report.Broken.FirstOrDefault() is { } failing)
        {
            await ExplainAsync(failing, terminal, arguments.GetValue(NoShrink) ? null : play, cancellation);
        }

        if (cancellation.IsCancellationRequested)
        {
            await terminal.Error.WriteLineAsync($"ipamctl: interrupted after {Plural.Of(report.Worlds, "world")}.");
        }

        return report.Broken.Count == 0 && !cancellation.IsCancellationRequested ? 0 : 1;
    }

    /// <summary>The end of the story of the smallest world that breaks the law, and how to see all of it.</summary>
    private static async Task ExplainAsync(Verdict failing, Terminal terminal, Func<ulong, WorldPlan, Verdict>? play, CancellationToken cancellation)
    {
        var smallest = play is null ? new Smaller(failing, "", 0) : Shrinker.Shrink(failing, play, (worlds, found) =>
        {
            if (terminal.IsInteractive)
            {
                terminal.Error.Write($"\rlooking for a smaller world: {worlds} played, smallest so far has {found.Verdict.Steps} steps ");
            }
        }, cancellation);
        await EndLineAsync(terminal);
        var changes = smallest.Changes.Length == 0 ? "" : $" --world {smallest.Changes}";
        await terminal.Out.WriteLineAsync($"""

            {(smallest.Changes.Length == 0 ? "The world" : $"The smallest world of {smallest.Worlds} that breaks {failing.Law}")}: {smallest.Verdict.Plan}
            {smallest.Verdict.Summary}

            {string.Join('\n', smallest.Verdict.Story.Last(40))}

            Repeat it: ipamctl sim --seed {failing.Seed} --story{changes}
            """);
    }

    private static WorldPlan PlanOf(ulong seed, string changes)
    {
        try
        {
            return WorldChange.Apply(Run.PlanOf(seed), changes);
        }
        catch (FormatException unknown)
        {
            throw new CommandFailure($"--world: {unknown.Message}");
        }
    }

    private static async Task EndLineAsync(Terminal terminal)
    {
        if (terminal.IsInteractive)
        {
            await terminal.Error.WriteLineAsync();
        }
    }
}
