using System.Globalization;
using ActorIpam.Simulation;
using ActorIpam.Simulation.Faults;

namespace ActorIpam.Cli.Printing;

/// <summary>What simulated worlds came to, in figures.</summary>
internal static class SimFigures
{
    /// <param name="output">Where to.</param>
    /// <param name="report">The worlds.</param>
    /// <param name="took">How long they took; null when that says nothing.</param>
    /// <param name="coverage">Whether to show which points met which faults.</param>
    public static async Task WriteAsync(TextWriter output, SwarmReport report, TimeSpan? took, bool coverage)
    {
        if (coverage)
        {
            await output.WriteLineAsync(report.Faults.ToString());
            var missing = FaultCoverage.MissingFrom(report.Faults).ToList();
            await output.WriteLineAsync(missing.Count == 0
                ? "Each point met each fault."
                : $"Not met: {string.Join(", ", missing.Select(pair => $"{pair.Fault} at {pair.Point}"))}");
            await output.WriteLineAsync();
        }

        var faults = report.ByFault;
        Line("Worlds", $"{report.Worlds:N0}, {report.Time.TotalHours:N1} hours of their own time");
        Line("Steps", $"{report.Steps:N0}");
        Line("Operations", $"{report.Operations:N0} asked, {report.Commits:N0} commits");
        Line("Faults", $"{faults.Sum(fault => fault.Times):N0}: {string.Join(", ", faults.Select(fault => string.Create(CultureInfo.InvariantCulture, $"{fault.Fault} {fault.Times:N0}")))}");
        Line("Violations", $"{report.Broken.Count:N0}");
        if (took is { } time)
        {
            Line("Speed", $"{report.Worlds / time.TotalSeconds:N1} worlds a second, {time.TotalSeconds:N0} s in all");
        }

        void Line(string name, FormattableString what) => output.WriteLine($"{name,-12}{what.ToString(CultureInfo.InvariantCulture)}");
    }
}
