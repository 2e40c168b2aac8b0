using System.Globalization;
using System.Text;
using ActorIpam.Chaos.Faults;
using ActorIpam.Chaos.Judging;
using ActorIpam.Chaos.Load;
using ActorIpam.Simulation.Laws;

namespace ActorIpam.Chaos;

/// <summary>What a run found, for people and for documents.</summary>
/// <param name="Options">What the run was made of.</param>
/// <param name="Chronicle">What all clients asked and were told, the warm-up included.</param>
/// <param name="Waits">How long they waited behind the warm-up.</param>
/// <param name="Timeline">What went wrong, and when.</param>
/// <param name="Violations">Laws that did not hold.</param>
/// <param name="Complaints">What was wrong beside them.</param>
/// <param name="Quiet">From healing to the last answer.</param>
/// <param name="Length">How long faults went on.</param>
internal sealed record Table(
    Options Options, Chronicle Chronicle, IReadOnlyList<Wait> Waits, Timeline Timeline, IReadOnlyList<Violation> Violations, IReadOnlyList<string> Complaints, TimeSpan Quiet, TimeSpan Length)
{
    /// <summary>So many of the longest waits are told one by one.</summary>
    private const int Told = 8;

    private IReadOnlyList<Strike> Strikes { get; } = [.. Timeline.All];

    /// <summary>From writes to service, each time the database came back.</summary>
    public IReadOnlyList<TimeSpan> Resumed { get; init; } = [];

    /// <summary>Waits that were longer, and attempts that told less, than promised.</summary>
    public IReadOnlyList<string> Broken { get; init; } = [];

    /// <summary>How long the member's own check took.</summary>
    public TimeSpan Check { get; init; }

    /// <summary>How long the laws took.</summary>
    public TimeSpan Judging { get; init; }

    /// <summary>How much the programs of the run printed, in bytes.</summary>
    public long Logs { get; init; }

    public bool IsGood => Violations.Count == 0 && Complaints.Count == 0 && Waits.Count > 0;

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Length.TotalMinutes:0.0} minutes, seed {Options.Seed}, {Options.Members} members, {Options.Clients} clients on {Options.Hosts} hosts, {(Options.Patroni ? "three PostgreSQL under Patroni" : "one PostgreSQL")}")
            .AppendLine()
            .AppendLine("| Fault | Times | Requests a second | Asked again | Median wait | 99 % | Longest wait for a definite answer |")
            .AppendLine("|---|---|---|---|---|---|---|");
        var (under, free) = Parted();
        foreach (var strikes in Strikes.GroupBy(strike => strike.Fault.Name).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            var length = TimeSpan.FromMicroseconds(strikes.Sum(strike => strike.Over - strike.Began));
            Row(text, strikes.Key, strikes.Count(), length, under[strikes.Key]);
        }

        Row(text, "none", null, Length - UnderFaults(), free);
        return text.AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"{Waits.Count} requests ({Waits.Count / Length.TotalSeconds:0} a second of {Options.Rate} wanted), {Chronicle.Attempts} attempts with the warm-up, {Chronicle.Ledgers.Sum(ledger => ledger.Granted)} addresses granted, {Strikes.Count} faults.")
            .AppendLine(CultureInfo.InvariantCulture, $"Double assignments {Of("INV-1")}, lost acknowledgements {Of("INV-2")}, leaks {Of("INV-3")}, late grants after a final release {Of("INV-4")}, unequal grants {Of("INV-13")}, other complaints {Complaints.Count}.")
            .AppendLine(CultureInfo.InvariantCulture, $"{Broken.Count} waits were longer, or attempts told less, than promised.")
            .AppendLine(CultureInfo.InvariantCulture, $"All clients had their answers {Quiet.TotalSeconds:0.00} s after healing.")
            .AppendLine(CultureInfo.InvariantCulture, $"{(Resumed.Count == 0 ? "The database was not killed." : $"After the database took writes again somebody was served within {Resumed.Max().TotalSeconds:0.00} s at the latest ({Resumed.Count} times).")}")
            .AppendLine(CultureInfo.InvariantCulture, $"The check took {Check.TotalSeconds:0.0} s and the laws {Judging.TotalSeconds:0.0} s; this program used {Peak() >> 20} MiB at most and {Environment.CpuUsage.TotalTime / (Length + Options.WarmUp + Quiet):0%} of a core, logs have {Logs >> 20} MiB.")
            .AppendLine("The longest waits:")
            .AppendJoin('\n', Waits.OrderByDescending(wait => wait.Length).Take(Told))
            .AppendLine()
            .AppendJoin('\n', Violations.Take(50).Select(violation => violation.ToString()).Concat(Complaints.Take(50)).Concat(Options.HoldsPromises ? [] : Broken.Take(50)))
            .ToString();
    }

    /// <summary>The waits that met each kind of fault, and those that met none.</summary>
    private (Dictionary<string, List<Wait>> Under, List<Wait> Free) Parted()
    {
        var under = Strikes.Select(strike => strike.Fault.Name).Distinct().ToDictionary(name => name, _ => new List<Wait>());
        var free = new List<Wait>();
        foreach (var wait in Waits)
        {
            var met = Timeline.Met(wait);
            if (met.Count == 0)
            {
                free.Add(wait);
            }

            foreach (var name in met.Select(strike => strike.Fault.Name).Distinct())
            {
                under[name].Add(wait);
            }
        }

        return (under, free);
    }

    /// <summary>The most memory this process ever used, in bytes.</summary>
    private static long Peak()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    /// <summary>How long something was broken or just mended; where that overlaps it counts once.</summary>
    private TimeSpan UnderFaults()
    {
        var (length, end) = (0L, 0L);
        foreach (var strike in Strikes.OrderBy(strike => strike.Began))
        {
            var until = strike.Over;
            length += Math.Max(0, until - Math.Max(strike.Began, end));
            end = Math.Max(end, until);
        }

        return TimeSpan.FromMicroseconds(length);
    }

    private int Of(string law) => Violations.Count(violation => violation.Law == law);

    private static void Row(StringBuilder text, string name, int? times, TimeSpan length, IReadOnlyList<Wait> waits)
    {
        var lengths = waits.Select(wait => wait.Length.TotalMilliseconds).Order().ToArray();
        string At(double part) => lengths.Length == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{lengths[(int)(part * (lengths.Length - 1))]:0} ms");
        var rate = length > TimeSpan.Zero ? waits.Count / length.TotalSeconds : 0;
        text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {times?.ToString(CultureInfo.InvariantCulture) ?? ""} | {rate:0} | {waits.Sum(wait => wait.InVain.Length)} | {At(0.5)} | {At(0.99)} | {At(1)} |");
    }
}
