using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Kernel;
using ActorIpam.Simulation.Laws;

namespace ActorIpam.Simulation;

/// <summary>What became of one seed.</summary>
public sealed partial record Verdict
{
    public required ulong Seed { get; init; }

    /// <summary>The world it was played in: the one the seed draws, or a smaller one.</summary>
    public required WorldPlan Plan { get; init; }

    /// <summary>The digest of the run: equal for two runs of a seed, or the simulation is broken.</summary>
    public required ulong Trace { get; init; }

    public required long Steps { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required History History { get; init; }

    public required ImmutableArray<Violation> Violations { get; init; }

    /// <summary>What ended the run early.</summary>
    public Exception? Failure { get; init; }

    public required Story Story { get; init; }

    public required FaultReport Faults { get; init; }

    public bool IsLawful => Failure is null && Violations.IsEmpty;

    /// <summary>The law that is broken, the first of them: <c>INV-1</c>. A world in which nobody gets on breaks INV-14. Null if all hold.</summary>
    public string? Law => IsLawful ? null
        : Violated().Match(Summary) is { Success: true } said ? said.Value
        : Number().Match(Summary) is { Success: true } match ? match.Value
        : "INV-14";

    /// <summary>What is wrong, in one line; "lawful" if nothing is.</summary>
    public string Summary => IsLawful ? "lawful" : string.Join("; ", Violations.Select(violation => violation.ToString()).Prepend(Failure?.Message).OfType<string>().Take(3));

    /// <summary>The verdict and the end of the story, for people.</summary>
    public string Tell(int lines = 60) => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Seed}: {Summary}\n{string.Join('\n', Violations)}\n{Failure}\n{(Story.Lines.Count > 0 ? Story.Lines[0] : default)}\n…\n{string.Join('\n', Story.Last(lines))}");

    [GeneratedRegex(@"INV-\d+(?= is violated)")]
    private static partial Regex Violated();

    [GeneratedRegex(@"INV-\d+")]
    private static partial Regex Number();
}
