using System.Collections.Immutable;
using System.Diagnostics;

namespace ActorIpam.Cli.Bench;

/// <summary>Lets clients work: first to warm up, then counted.</summary>
internal sealed class Load(BenchPlan plan, ImmutableArray<BenchClient> clients, ImmutableArray<ProcessTimes> processes)
{
    /// <summary>So many addresses a client are made ready to be released at a time.</summary>
    private const int Ready = 128;

    private readonly Random _chance = new(1);
    private readonly Dictionary<string, TimeSpan> _used = [];
    private TimeSpan _counted;

    public async Task<BenchResult> RunAsync(CancellationToken stop)
    {
        if (plan.UntilHeld == 0)
        {
            await WorkAsync(plan.WarmUp, stop);
        }

        foreach (var client in clients)
        {
            client.Tally = new();
        }

        (_counted, var all) = (TimeSpan.Zero, new Tally());
        _used.Clear();
        await WorkAsync(plan.Duration, stop);
        foreach (var client in clients)
        {
            all.Add(client.Tally);
        }

        return new(plan, all, _counted, _used);
    }

    private async Task WorkAsync(TimeSpan atLeast, CancellationToken stop)
    {
        switch (plan.Work)
        {
            case Workload.Borrow:
                await InRoundsAsync(
                    atLeast,
                    static _ => Task.CompletedTask,
                    client => WhileAsync(() => true, () => client.AssignAsync(stop)),
                    client => ReleaseAllAsync(client, final: false, stop));
                break;
            case Workload.Release or Workload.ReleaseFinal:
                await InRoundsAsync(
                    atLeast,
                    client => WhileAsync(() => client.Held < Math.Min(Ready, plan.Most / clients.Length), () => client.AssignAsync(stop)),
                    client => ReleaseAllAsync(client, plan.Work == Workload.ReleaseFinal, stop),
                    static _ => Task.CompletedTask);
                break;
            default:
                var clock = Stopwatch.StartNew();
                await CountedAsync(client => WhileAsync(() => IsNotYetDone(client, clock.Elapsed, atLeast), () => StepAsync(client, stop)));
                break;
        }
    }

    /// <summary>Rounds of making ready, what is counted, and tidying up.</summary>
    private async Task InRoundsAsync(TimeSpan atLeast, Func<BenchClient, Task> prepare, Func<BenchClient, Task> counted, Func<BenchClient, Task> tidy)
    {
        var end = _counted + atLeast;
        do
        {
            await AsideAsync(prepare);
            await CountedAsync(counted);
            await AsideAsync(tidy);
        }
        while (_counted < end);
    }

    /// <summary>A client that fills stops at its first failure too: a pool that is exhausted holds no more.</summary>
    private bool IsNotYetDone(BenchClient client, TimeSpan spent, TimeSpan atLeast) =>
        plan.UntilHeld == 0 ? spent < atLeast : client.Held * clients.Length < plan.UntilHeld && client.Tally.Errors.Count == 0;

    private async Task<bool> StepAsync(BenchClient client, CancellationToken stop)
    {
        bool assigns;
        lock (_chance)
        {
            assigns = client.Held == 0 || plan.UntilHeld > 0 || (plan.Work != Workload.Mixed ? client.Held < plan.Most / clients.Length : client.Held < Ready && _chance.Next(2) == 0);
        }

        await (assigns ? client.AssignAsync(stop) : client.ReleaseAsync(final: false, stop));
        return true;
    }

    private async Task CountedAsync(Func<BenchClient, Task> work)
    {
        var before = processes.Select(static process => process.Now()).ToArray();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(clients.Select(client => Task.Run(() => work(client))));
        _counted += clock.Elapsed;
        for (var i = 0; i < processes.Length; i++)
        {
            _used[processes[i].Name] = _used.GetValueOrDefault(processes[i].Name) + processes[i].Now() - before[i];
        }
    }

    private async Task AsideAsync(Func<BenchClient, Task> work)
    {
        var tallies = clients.Select(static client => client.Tally).ToArray();
        Array.ForEach([.. clients], static client => client.Tally = new());
        await Task.WhenAll(clients.Select(client => Task.Run(() => work(client))));
        for (var i = 0; i < clients.Length; i++)
        {
            // How long it took is nobody's business; that it failed is.
            foreach (var (code, count) in clients[i].Tally.Errors)
            {
                tallies[i].Errors[code] = tallies[i].Errors.GetValueOrDefault(code) + count;
            }

            clients[i].Tally = tallies[i];
        }
    }

    private static Task ReleaseAllAsync(BenchClient client, bool final, CancellationToken stop) => WhileAsync(() => client.Held > 0, async () =>
    {
        await client.ReleaseAsync(final, stop);
        return true;
    });

    private static async Task WhileAsync(Func<bool> condition, Func<Task<bool>> step)
    {
        while (condition() && await step())
        {
        }
    }
}
