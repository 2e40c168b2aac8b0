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

    /// <summary>A run that reaches less of the rate than this has shown nothing.</summary>
    private const double LeastOfRate = 0.02;

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
            var impossible = Fault.All.Where(fault => options.Faults.Contains(fault.Name) && !fault.Needs(options)).ToList();
            return unknown.Count > 0 ? throw new FormatException($"There is no fault '{unknown[0]}'; --faults list names them.")
                : impossible.Count > 0 ? throw new FormatException($"'{impossible[0].Name}' needs another build: --other.")
                : await PlayAsync(options);
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
        using var giveUp = new CancellationTokenSource();
        var clients = Enumerable.Range(0, options.Clients)
            .Select(number => new PodClient(
                chronicle.Ledgers[number], Host(number % options.Hosts), options.Seed, world.Endpoints, chronicle, new(interval, new(unchecked((options.Seed * 131) + number))), world.Complain))
            .Select(client => Task.Run(() => PlayAsync(client, world, stop.Token, giveUp.Token))).ToArray();
        using var progress = new Progress(world, folder, Tell);

        var kinds = Fault.All.Where(fault => fault.Needs(options) && (options.Faults.Count == 0 || options.Faults.Contains(fault.Name))).ToList();
        Injector[] injectors = [.. kinds.GroupBy(kind => options.AtOnce > 1 && kind.IsOfNetwork).Select(line => new Injector(world, [.. line], new(line.Key ? ~options.Seed : options.Seed), Tell))];
        Tell($"warming up for {options.WarmUp.TotalSeconds:0} s");
        await Task.Delay(options.WarmUp);
        var began = Chronicle.Now;
        var length = TimeSpan.FromMinutes(options.Minutes);
        await Task.WhenAll([Task.Delay(length), .. injectors.Select(injector => injector.RunAsync(length))]);
        var ended = Chronicle.Now;

        Tell("healing");
        await world.TryHealAsync();
        var healed = Chronicle.Now;
        await stop.CancelAsync();
        await EndedAsync(clients, world, giveUp);
        var quiet = TimeSpan.FromMicroseconds(Chronicle.Now - healed);
        if (quiet > LongestAfterHealing)
        {
            world.Complain($"INV-14: the last answer came {quiet.TotalSeconds:0.0} s after everything was healed.");
        }

        await AskEachAsync(options, world);
        Tell("checking");
        var check = await CheckAsync(world);
        Tell("judging");
        var judging = Stopwatch.StartNew();
        var waits = chronicle.Ledgers.SelectMany(ledger => ledger.Waits).Where(wait => wait.Answered >= began && wait.Asked < ended).ToList();
        var timeline = new Timeline(injectors.Select(injector => injector.Strikes));
        var broken = Promises.Broken(waits, timeline).ToList();
        ComplainIfIdle(options, world, kinds.Count, timeline.All.Count(), waits.Count / TimeSpan.FromMicroseconds(ended - began).TotalSeconds);
        var violations = await Judgement.OfAsync(chronicle, world.Database, "actor_ipam");
        return new(options, chronicle, waits, timeline, violations, [.. world.Complaints, .. options.HoldsPromises ? broken : []], quiet, TimeSpan.FromMicroseconds(ended - began))
        {
            Resumed = [.. world.Resumed],
            Broken = broken,
            Check = check,
            Judging = judging.Elapsed,
            Logs = Progress.LogBytes(folder),
        };
    }

    /// <summary>A client that fails is told at once; the others go on.</summary>
    private static async Task PlayAsync(PodClient client, World world, CancellationToken stop, CancellationToken giveUp)
    {
        try
        {
            await client.RunAsync(stop, giveUp);
        }
        catch (OperationCanceledException)
        {
            // It is counted by who made it give up.
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or NullReferenceException)
        {
            world.Complain($"A client does not understand its answer: {e.Message}");
            Tell($"a client failed: {e.Message}");
        }
    }

    /// <summary>Who has no answer by then is made to give up, so that what was seen is judged all the same.</summary>
    private static async Task EndedAsync(Task[] clients, World world, CancellationTokenSource giveUp)
    {
        try
        {
            await Task.WhenAll(clients).WaitAsync(LongestToTheEnd);
        }
        catch (TimeoutException)
        {
            world.Complain($"INV-14: {clients.Count(client => !client.IsCompleted)} clients had no answer {LongestToTheEnd.TotalSeconds:0} s after everything was healed.");
            await giveUp.CancelAsync();
            await Task.WhenAll(clients);
        }
    }

    /// <summary>Each member serves each host: by itself, or by the member it hands the request to. Clients may have left one that serves nobody any more.</summary>
    private static async Task AskEachAsync(Options options, World world)
    {
        foreach (var endpoint in world.Endpoints)
        {
            for (var host = 0; host < options.Hosts; host++)
            {
                var body = Encoding.UTF8.GetBytes($$"""{"handle":"nobody-{{endpoint.Member}}-{{host}}","host":"{{Host(host)}}","final":true,"issuedAt":"{{DateTime.UtcNow:O}}"}""");
                var code = 0;
                for (var from = Chronicle.Now; code != 200 && Chronicle.Now - from < LongestAfterHealing.TotalMicroseconds;)
                {
                    (code, _) = await endpoint.AskAsync(HttpMethod.Post, "ipam/v1/release-handle", body, LongestAfterHealing);
                }

                if (code != 200)
                {
                    world.Complain($"{endpoint.Member} does not serve {Host(host)} though everything is healed: {code}.");
                }
            }
        }
    }

    /// <summary>A run in which nearly nothing was asked, or nothing was broken that was to be, shows nothing.</summary>
    private static void ComplainIfIdle(Options options, World world, int kinds, int strikes, double rate)
    {
        if (kinds > 0 && strikes == 0)
        {
            world.Complain("There was no time for a fault.");
        }

        if (rate < options.Rate * LeastOfRate)
        {
            world.Complain($"Only {rate:0} requests a second were served of {options.Rate}.");
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
