using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorIpam.Chaos.Faults;
using ActorIpam.Chaos.Judging;
using ActorIpam.Chaos.Load;

namespace ActorIpam.Chaos;

/// <summary>One run from the first namespace to the table.</summary>
internal static class Run
{
    private const int Interrupted = 130;

    /// <summary>INV-14: within so long of healing every request that waits has its answer.</summary>
    private static readonly TimeSpan LongestAfterHealing = TimeSpan.FromSeconds(10);

    /// <summary>What is still without an answer then is given up.</summary>
    private static readonly TimeSpan LongestToTheEnd = TimeSpan.FromMinutes(2);

    /// <summary>The check reads each request on record one by one; an hour leaves millions.</summary>
    private static readonly TimeSpan LongestCheck = TimeSpan.FromHours(1);

    /// <summary>What stands for a run without faults: what the same machine does when nothing is broken.</summary>
    private const string NoFault = "none";

    /// <returns>0 when every law held, 1 when one did not, 2 when an argument cannot be used, 130 when it was interrupted.</returns>
    public static async Task<int> MainAsync(string[] arguments)
    {
        try
        {
            if (arguments is ["--help" or "-h"])
            {
                Console.WriteLine(Options.Help);
                return 0;
            }

            if (arguments is ["--faults", "list"])
            {
                Console.WriteLine(string.Join('\n', Fault.All.Select(fault => fault.Name)));
                return 0;
            }

            var options = Options.Parse(arguments);
            var unknown = options.Faults.Except(Fault.All.Select(fault => fault.Name).Append(NoFault)).ToList();
            return unknown.Count == 0 ? await PlayAsync(options) : throw new FormatException($"There is no fault '{unknown[0]}'; --faults list names them.");
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync("chaos: " + e.Message);
            return 2;
        }
    }

    private static async Task<int> PlayAsync(Options options)
    {
        var folder = Directory.CreateTempSubdirectory("chaos-").FullName;
        // The database's own account walks through it.
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        Tell($"seed {options.Seed}, logs in {folder}");
        var good = false;
        try
        {
            Table table;
            await using (var world = await World.BuildAsync(options, folder))
            {
                // Who interrupts a run wants its machines gone as well.
                using var interrupted = new CancellationTokenSource();
                using var signals = new Signals(interrupted);
                table = await PlayAsync(options, world, folder).WaitAsync(interrupted.Token);
            }

            var text = table.ToString();
            Console.WriteLine(text);
            if (options.Report is { } file)
            {
                await File.WriteAllTextAsync(file, text);
            }

            good = table.IsGood;
            return good ? 0 : 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("chaos: interrupted, nothing was judged");
            return Interrupted;
        }
        finally
        {
            if (good && !options.Keep)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<Table> PlayAsync(Options options, World world, string folder)
    {
        await DefineAsync(options, world);
        var chronicle = world.Chronicle;
        var interval = TimeSpan.FromSeconds((double)options.Clients / options.Rate);
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, options.Clients)
            .Select(number => new PodClient(chronicle.Ledgers[number], Host(number % options.Hosts), options.Seed, world.Endpoints, chronicle, new(interval, new(HashCode.Combine(options.Seed, number, "pace")))))
            .Select(client => Task.Run(() => PlayAsync(client, world, stop.Token))).ToArray();
        using var progress = new Progress(world, folder, Tell);

        var kinds = Fault.All.Where(fault => fault.Needs(world) && (options.Faults.Count == 0 || options.Faults.Contains(fault.Name))).ToList();
        var injector = new Injector(world, kinds, new(options.Seed), Tell);
        Tell($"warming up for {options.WarmUp.TotalSeconds:0} s");
        await Task.Delay(options.WarmUp);
        var began = Chronicle.Now;
        await injector.RunAsync(TimeSpan.FromMinutes(options.Minutes));
        var ended = Chronicle.Now;

        Tell("healing");
        await world.HealAsync();
        var healed = Chronicle.Now;
        await stop.CancelAsync();
        await EndedAsync(clients);
        var quiet = TimeSpan.FromMicroseconds(Chronicle.Now - healed);
        if (quiet > LongestAfterHealing)
        {
            world.Complain($"INV-14: the last answer came {quiet.TotalSeconds:0.0} s after everything was healed.");
        }

        Tell("checking");
        var check = await CheckAsync(world);
        Tell("judging");
        var judging = Stopwatch.StartNew();
        var waits = chronicle.Ledgers.SelectMany(ledger => ledger.Waits).Where(wait => wait.Asked >= began && wait.Asked < ended).ToList();
        var timeline = new Timeline(injector.Strikes);
        var broken = Promises.Broken(waits, timeline).ToList();
        if (options.HoldsPromises)
        {
            broken.ForEach(world.Complain);
        }

        var violations = await Judgement.OfAsync(chronicle, world.Database, "actor_ipam");
        return new(options, chronicle, waits, injector.Strikes, timeline, violations, [.. world.Complaints], quiet, TimeSpan.FromMicroseconds(ended - began))
        {
            Resumed = [.. world.Resumed],
            Broken = broken,
            Check = check,
            Judging = judging.Elapsed,
            Logs = Progress.LogBytes(folder),
        };
    }

    /// <summary>A client that fails is told at once; the others go on.</summary>
    private static async Task PlayAsync(PodClient client, World world, CancellationToken stop)
    {
        try
        {
            await client.RunAsync(stop);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            world.Complain($"A client does not understand its answer: {e.Message}");
            Tell($"a client failed: {e.Message}");
        }
    }

    private static async Task EndedAsync(Task[] clients)
    {
        try
        {
            await Task.WhenAll(clients).WaitAsync(LongestToTheEnd);
        }
        catch (TimeoutException e)
        {
            // What they noted is still being written, so nothing could be judged.
            throw new InvalidOperationException($"INV-14: {clients.Count(client => !client.IsCompleted)} clients had no answer {LongestToTheEnd.TotalSeconds:0} s after everything was healed.", e);
        }
    }

    /// <summary>A pool with room for everybody, where most requests go, and one that is far too small for its hosts: there blocks are claimed, borrowed from and given back all the time.</summary>
    private static async Task DefineAsync(Options options, World world)
    {
        await PostAsync(world, "ippools", Pool(PodClient.Crowded, "10.8.0.0/28", 30));
        await PostAsync(world, "ippools", Pool(PodClient.Roomy, "10.9.0.0/20", 27));
        for (var host = 0; host < options.Hosts; host++)
        {
            await PostAsync(world, "nodes", $$$"""{"apiVersion":"projectcalico.org/v3","kind":"Node","metadata":{"name":"{{{Host(host)}}}"},"spec":{}}""");
        }
    }

    private static string Pool(string name, string cidr, int blockSize) => string.Create(
        CultureInfo.InvariantCulture, $$$"""{"apiVersion":"projectcalico.org/v3","kind":"IPPool","metadata":{"name":"{{{name}}}"},"spec":{"cidr":"{{{cidr}}}","blockSize":{{{blockSize}}},"allowedUses":["Workload"]}}""");

    private static string Host(int number) => string.Create(CultureInfo.InvariantCulture, $"host-{number}");

    private static async Task PostAsync(World world, string kind, string body)
    {
        var answer = await world.Endpoints[0].AskAsync(HttpMethod.Post, $"apis/projectcalico.org/v3/{kind}", Encoding.UTF8.GetBytes(body), TimeSpan.FromSeconds(20));
        if (answer.Code != 201)
        {
            throw new InvalidOperationException($"{kind}: {answer.Code} {Encoding.UTF8.GetString(answer.Body)}");
        }
    }

    /// <summary>The product's own view of itself: journal, pools, blocks and addresses must agree (INV-5 to INV-8).</summary>
    /// <returns>How long it took.</returns>
    private static async Task<TimeSpan> CheckAsync(World world)
    {
        var watch = Stopwatch.StartNew();
        var answer = await world.Endpoints[0].AskAsync(HttpMethod.Get, "ipam/v1/check", null, LongestCheck);
        var problems = answer is (200, var body) ? JsonNode.Parse(body)!["problems"]!.AsArray().Select(problem => problem!.ToJsonString()).ToList() : ["the check was not answered"];
        problems.ForEach(problem => world.Complain("check: " + problem));
        return watch.Elapsed;
    }

    private static void Tell(string sentence) => Console.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {sentence}");
}
