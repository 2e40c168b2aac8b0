using System.Globalization;
using System.Text;
using ActorIpam.Chaos.Faults;
using ActorIpam.Chaos.Load;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Laws;

namespace ActorIpam.Chaos;

/// <summary>What a run found, for people and for documents.</summary>
internal sealed record Table(Options Options, Chronicle Chronicle, IReadOnlyList<Strike> Strikes, IReadOnlyList<Violation> Violations, IReadOnlyList<string> Complaints, TimeSpan Quiet)
{
    /// <summary>How long after a fault a wait still belongs to it.</summary>
    private const long After = 2_000_000;

    /// <summary>From writes to service, each time the database came back.</summary>
    public IReadOnlyList<TimeSpan> Resumed { get; init; } = [];

    public bool IsGood => Violations.Count == 0 && Complaints.Count == 0 && Chronicle.Waits.Count > 0;

    public override string ToString()
    {
        var text = new StringBuilder();
        var waits = Chronicle.Waits.OrderBy(wait => wait.Asked).ToArray();
        var minutes = Options.Minutes;
        text.AppendLine(CultureInfo.InvariantCulture, $"{minutes:0.#} minutes, seed {Options.Seed}, {Options.Members} members, {Options.Clients} clients on {Options.Hosts} hosts, {(Options.Patroni ? "three PostgreSQL under Patroni" : "one PostgreSQL")}")
            .AppendLine()
            .AppendLine("| Fault | Times | Median wait | 99 % | Longest wait for a definite answer |")
            .AppendLine("|---|---|---|---|---|");
        foreach (var strikes in Strikes.GroupBy(strike => strike.Fault).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            Row(text, strikes.Key, strikes.Count(), waits.Where(wait => strikes.Any(strike => wait.Asked < strike.Ended + After && wait.Answered > strike.Began)));
        }

        Row(text, "none", null, waits.Where(wait => !Strikes.Any(strike => wait.Asked < strike.Ended + After && wait.Answered > strike.Began)));
        return text.AppendLine()
            .AppendLine(CultureInfo.InvariantCulture, $"{waits.Length} requests ({waits.Length / (minutes * 60):0} a second), {Chronicle.Attempts} attempts, {Chronicle.Exchanges.Sum(exchange => Grants.AddressesOf(exchange).Length)} addresses granted, {Strikes.Count} faults.")
            .AppendLine(CultureInfo.InvariantCulture, $"Double assignments {Of("INV-1")}, lost acknowledgements {Of("INV-2")}, leaks {Of("INV-3")}, late grants after a final release {Of("INV-4")}, unequal grants {Of("INV-13")}, other complaints {Complaints.Count}.")
            .AppendLine(CultureInfo.InvariantCulture, $"All clients had their answers {Quiet.TotalSeconds:0.00} s after healing.")
            .AppendLine(CultureInfo.InvariantCulture, $"{(Resumed.Count == 0 ? "The database was not killed." : $"After the database took writes again somebody was served within {Resumed.Max().TotalSeconds:0.00} s at the latest ({Resumed.Count} times).")}")
            .AppendJoin('\n', Violations.Take(50).Select(violation => violation.ToString()).Concat(Complaints))
            .ToString();
    }

    private int Of(string law) => Violations.Count(violation => violation.Law == law);

    private static void Row(StringBuilder text, string name, int? times, IEnumerable<Wait> waits)
    {
        var lengths = waits.Select(wait => wait.Length.TotalMilliseconds).Order().ToArray();
        string At(double part) => lengths.Length == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{lengths[(int)(part * (lengths.Length - 1))]:0} ms");
        text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {times?.ToString(CultureInfo.InvariantCulture) ?? ""} | {At(0.5)} | {At(0.99)} | {At(1)} |");
    }
}
