using ActorIpam.Engine;
using ActorIpam.Engine.Counting;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Membership;
using Prometheus;

namespace ActorIpam.Server.Telemetry;

/// <summary>What this member knows of the others and what it asked of them, shown when somebody scrapes.</summary>
internal sealed class ClusterMetrics
{
    private static readonly string[] States = ["alive", "draining", "dead"];

    private static readonly double[] Seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5];

    private readonly Counter _forwards, _served, _suspicions;
    private readonly Gauge _members, _suspected, _ages, _clock, _isTableUp;

    public ClusterMetrics(MetricFactory make)
    {
        _forwards = make.CreateCounter("ipam_forwards_total", "Requests whose host another member owns, by how it ended: answered, turned_away, silent, late, suspect, left.", "outcome");
        _served = make.CreateCounter("ipam_forwards_served_total", "Requests that other members have sent on to this one, by how it ended: answered, turned_away, left, unavailable.", "outcome");
        Durations = make.CreateHistogram(
            "ipam_forward_duration_seconds", "How long other members took for requests that were sent on to them, whatever became of them.", ["call"], new HistogramConfiguration { Buckets = Seconds });
        _suspicions = make.CreateCounter("ipam_suspicions_total", "How often a member that did not answer this one became suspect.");
        _members = make.CreateGauge("ipam_members", "Members by state, as this one sees them: alive, draining, dead.", "state");
        _suspected = make.CreateGauge("ipam_member_suspected", "1 while a member is suspect to this one: it did not answer lately and is not asked.", "member");
        _ages = make.CreateGauge("ipam_member_row_age_seconds", "By how much a member's row is older than the newest one, as of this member's last beat.", "member");
        _clock = make.CreateGauge("ipam_clock_offset_seconds", "How far this member's clock is ahead of the database's at least; negative when it is behind.");
        _isTableUp = make.CreateGauge("ipam_member_table_up", "1 while this member reaches the table of members, or has none; 0 since a beat did not get through.");
        _isTableUp.Set(1);
    }

    /// <summary>Observed for each request that is sent on.</summary>
    public Histogram Durations { get; }

    public void Show(Member member, Presence? presence)
    {
        Show(_forwards, member.Counts.Forwards);
        Show(_served, member.Counts.ForwardsServed);
        _suspicions.IncTo(member.Counts.Suspicions);
        if (presence is null)
        {
            Show(alive: 1, draining: 0, dead: 0);
            return;
        }

        var (rows, living) = (presence.Seen.Rows, MembersSeen.Living(presence.Seen.Rows, presence.Options.Alive).ToList());
        var draining = living.Count(static row => row.IsDraining);
        Show(living.Count - draining, draining, rows.Length - living.Count);
        _clock.Set(presence.Seen.ClockError.TotalSeconds);
        _isTableUp.Set(presence.IsCutOff ? 0 : 1);
        foreach (var gone in _ages.GetAllLabelValues().Select(static labels => labels[0]).Except(rows.Select(static row => row.Name)).ToList())
        {
            _ages.RemoveLabelled(gone);
            _suspected.RemoveLabelled(gone);
        }

        foreach (var row in rows)
        {
            _ages.WithLabels(row.Name).Set((rows.Max(static other => other.At) - row.At).TotalSeconds);
            _suspected.WithLabels(row.Name).Set(member.Suspects(row) ? 1 : 0);
        }
    }

    private void Show(int alive, int draining, int dead)
    {
        foreach (var (state, count) in States.Zip([alive, draining, dead]))
        {
            _members.WithLabels(state).Set(count);
        }
    }

    private static void Show(Counter counter, WordCounts counts)
    {
        foreach (var word in counts.Words)
        {
            counter.WithLabels(word).IncTo(counts[word]);
        }
    }
}
