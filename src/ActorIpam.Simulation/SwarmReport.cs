using System.Collections.Immutable;
using ActorIpam.Simulation.Faults;

namespace ActorIpam.Simulation;

/// <summary>What many worlds came to. Not for two threads at once.</summary>
public sealed class SwarmReport
{
    private readonly SortedDictionary<ulong, Verdict> _broken = [];

    public long Worlds { get; private set; }

    /// <summary>Callbacks that ran.</summary>
    public long Steps { get; private set; }

    /// <summary>Questions that clients asked, each attempt for itself.</summary>
    public long Operations { get; private set; }

    /// <summary>Units that became true.</summary>
    public long Commits { get; private set; }

    /// <summary>Virtual time, of all worlds together.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>Which points were passed, under which faults.</summary>
    public FaultReport Faults { get; } = new();

    /// <summary>The worlds in which a law did not hold, by seed.</summary>
    public IReadOnlyCollection<Verdict> Broken => _broken.Values;

    /// <summary>How often each kind of fault happened, wherever it did; kinds that never did are missing.</summary>
    public ImmutableArray<(Fault Fault, long Times)> ByFault =>
    [
        .. from fault in Enum.GetValues<Fault>()
           where fault != Fault.None
           let times = Faults.Points.Sum(point => Faults.Hits(point, fault))
           where times > 0
           select (fault, times),
    ];

    public void Add(Verdict verdict)
    {
        Worlds++;
        Steps += verdict.Steps;
        Operations += verdict.History.Exchanges.Count + verdict.History.Earlier.Count;
        Commits += verdict.History.Commits.Count;
        Time += verdict.Elapsed;
        Faults.Add(verdict.Faults);
        if (!verdict.IsLawful)
        {
            _broken[verdict.Seed] = verdict;
        }
    }
}
