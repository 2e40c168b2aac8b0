using System.Globalization;
using System.Text.Json;
using ActorIpam.Cli.Printing;

namespace ActorIpam.Cli.Bench;

/// <summary>What one measurement brought.</summary>
/// <param name="Plan">What was measured.</param>
/// <param name="All">What all clients met.</param>
/// <param name="Took">How long they were counted.</param>
/// <param name="Processors">The processor time of the processes that were named.</param>
internal sealed record BenchResult(BenchPlan Plan, Tally All, TimeSpan Took, IReadOnlyDictionary<string, TimeSpan> Processors)
{
    public long Operations => All.Took.Count;

    public double PerSecond => Took > TimeSpan.Zero ? Operations / Took.TotalSeconds : 0;

    public long Failed => All.Errors.Values.Sum();

    public void WriteTable(TextWriter output)
    {
        PlainTable.Write(
            output,
            ["WORKLOAD", "HOSTS", "CLIENTS", "OPERATIONS", "PER SECOND", "P50 MS", "P95 MS", "P99 MS", "MAX MS", "ERRORS"],
            [[
                Plan.Work.Word(), Text(Plan.Hosts), Text(Plan.Clients), Text(Operations), PerSecond.ToString("0", CultureInfo.InvariantCulture),
                Milliseconds(All.Took.Within(0.5)), Milliseconds(All.Took.Within(0.95)), Milliseconds(All.Took.Within(0.99)), Milliseconds(All.Took.Longest), Text(Failed),
            ]]);
        foreach (var (code, count) in All.Errors)
        {
            output.WriteLine($"{Text(count)} times: {code}");
        }

        foreach (var name in Processors.Keys.Order(StringComparer.Ordinal))
        {
            output.WriteLine($"{name}: {MicrosecondsOf(name).ToString("0", CultureInfo.InvariantCulture)} µs of processor time an operation");
        }
    }

    /// <param name="json">Where.</param>
    /// <param name="twice">How many addresses were granted twice.</param>
    public void WriteJson(Utf8JsonWriter json, int twice)
    {
        json.WriteStartObject();
        json.WriteString("workload", Plan.Work.Word());
        json.WriteNumber("hosts", Plan.Hosts);
        json.WriteNumber("clients", Plan.Clients);
        json.WriteString("pool", Plan.Pool.ToString());
        json.WriteNumber("blockSize", Plan.BlockSize);
        json.WriteString("route", Plan.Route == Route.Owner ? "owner" : "any");
        json.WriteNumber("seconds", Math.Round(Took.TotalSeconds, 3));
        json.WriteNumber("operations", Operations);
        json.WriteNumber("perSecond", Math.Round(PerSecond, 1));
        json.WriteStartObject("milliseconds");
        json.WriteNumber("p50", Rounded(All.Took.Within(0.5)));
        json.WriteNumber("p95", Rounded(All.Took.Within(0.95)));
        json.WriteNumber("p99", Rounded(All.Took.Within(0.99)));
        json.WriteNumber("max", Rounded(All.Took.Longest));
        json.WriteEndObject();
        json.WriteStartObject("errors");
        foreach (var (code, count) in All.Errors)
        {
            json.WriteNumber(code, count);
        }

        json.WriteEndObject();
        json.WriteNumber("grantedTwice", twice);
        json.WriteStartObject("processorMicroseconds");
        foreach (var name in Processors.Keys.Order(StringComparer.Ordinal))
        {
            json.WriteNumber(name, Math.Round(MicrosecondsOf(name), 1));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private double MicrosecondsOf(string process) => Processors[process].TotalMicroseconds / Math.Max(1, Operations);

    private static double Rounded(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

internal static class WorkloadWords
{
    /// <summary>As it is typed.</summary>
    public static string Word(this Workload work) => work switch
    {
        Workload.OneHost => "one-host",
        Workload.ReleaseFinal => "release-final",
        _ => work.ToString().ToLowerInvariant(),
    };
}
