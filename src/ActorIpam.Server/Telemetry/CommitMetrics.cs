using ActorIpam.EventSourcing;
using Prometheus;

namespace ActorIpam.Server.Telemetry;

/// <summary>What the journal costs and says. Every label is resolved here, so that measuring a commit looks nothing up.</summary>
internal sealed class CommitMetrics
{
    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly double[] Units = [1, 2, 4, 8, 16, 32, 64, 128, 256];

    private readonly Histogram _duration;
    private readonly Histogram _units;
    private readonly Counter.Child _won, _alreadyMine, _lost, _refused, _unknown, _failed;
    private readonly Counter.Child _tails, _heads, _failedReads;
    private readonly Gauge _isUp, _quarantined;

    public CommitMetrics(MetricFactory make)
    {
        _duration = make.CreateHistogram("ipam_commit_duration_seconds", "How long the journal took for a batch of units.", new HistogramConfiguration { Buckets = Seconds });
        _units = make.CreateHistogram("ipam_commit_batch_units", "Units in a batch.", new HistogramConfiguration { Buckets = Units });
        var outcomes = make.CreateCounter("ipam_commit_outcomes_total", "Units by what the journal said of them; an unknown one is sent again.", "outcome");
        (_won, _alreadyMine, _lost) = (outcomes.WithLabels("won"), outcomes.WithLabels("already_mine"), outcomes.WithLabels("lost"));
        (_refused, _unknown, _failed) = (outcomes.WithLabels("refused"), outcomes.WithLabels("unknown"), outcomes.WithLabels("failed"));
        var reads = make.CreateCounter("ipam_journal_reads_total", "Reads of streams by what was read: tail or heads; failed ones are counted apart.", "read");
        (_tails, _heads, _failedReads) = (reads.WithLabels("tail"), reads.WithLabels("heads"), reads.WithLabels("failed"));
        _isUp = make.CreateGauge("ipam_journal_up", "1 while the journal answers, 0 since it last did not.");
        _isUp.Set(1);
        _quarantined = make.CreateGauge("ipam_quarantined_streams", "Streams on which a unit contradicted what is stored, since the start: a bug or a damaged journal.");
    }

    public void CountBatch(int units, TimeSpan took)
    {
        _units.Observe(units);
        _duration.Observe(took.TotalSeconds);
    }

    public void Count(Outcome outcome) => (outcome switch
    {
        Outcome.Won => _won,
        Outcome.AlreadyMine => _alreadyMine,
        Outcome.Lost => _lost,
        Outcome.Refused => _refused,
        Outcome.Unknown => _unknown,
        _ => _failed,
    }).Inc();

    public void CountTailRead() => _tails.Inc();

    public void CountHeadsRead() => _heads.Inc();

    public void CountFailedRead() => _failedReads.Inc();

    public void SayUp(bool isUp) => _isUp.Set(isUp ? 1 : 0);

    public void SayQuarantined(int streams) => _quarantined.Set(streams);
}
