using ActorIpam.Domain;
using ActorIpam.Engine;
using ActorIpam.Engine.Counting;
using ActorIpam.Server.Applying;
using Prometheus;

namespace ActorIpam.Server.Telemetry;

/// <summary>Shows, when somebody scrapes, what the member has counted anyway: nothing of this is touched by a request.</summary>
internal sealed class MemberMetrics
{
    private readonly Counter _assignments, _releases, _refusals, _shortAnswers, _failedTurns, _sweeps;
    private readonly Counter _turns, _repeated, _lettersRefused, _activations, _passivations, _sweepRuns, _sweepFailures, _refusedFiles, _problems;
    private readonly Gauge _letters, _deepest, _commits, _streams, _files;

    public MemberMetrics(MetricFactory make)
    {
        _assignments = make.CreateCounter("ipam_assignments_total", "Addresses assigned by this member, by family and by where they came from: own, claimed, reclaimed, borrowed, asked.", "family", "how");
        _releases = make.CreateCounter("ipam_releases_total", "Addresses released by this member: released (asked for), final (by handle, for good), gc.", "why");
        _refusals = make.CreateCounter("ipam_refusals_total", "Answers that said no, by the first reason.", "reason");
        _shortAnswers = make.CreateCounter("ipam_short_answers_total", "Answers with fewer addresses than were asked for, by why.", "reason");
        _failedTurns = make.CreateCounter("ipam_turn_failures_total", "Turns that nobody could decide, by why: unavailable, unreadable, invariant, other.", "reason");
        _turns = make.CreateCounter("ipam_turns_total", "Turns taken by the actors of this member.");
        _repeated = make.CreateCounter("ipam_decisions_repeated_total", "Units that lost against another and were decided again.");
        _letters = make.CreateGauge("ipam_mailbox_letters", "Requests that wait in mailboxes.");
        _deepest = make.CreateGauge("ipam_mailbox_deepest_letters", "Requests that wait in the fullest mailbox; it takes 256.");
        _lettersRefused = make.CreateCounter("ipam_mailbox_refused_total", "Requests turned away because a mailbox or the member was full.");
        _commits = make.CreateGauge("ipam_commits_waiting", "Units that wait for a commit or are under way.");
        _streams = make.CreateGauge("ipam_active_streams", "Streams that are activated.");
        _activations = make.CreateCounter("ipam_activations_total", "Streams activated.");
        _passivations = make.CreateCounter("ipam_passivations_total", "Streams passivated to make room.");
        _sweeps = make.CreateCounter("ipam_sweep_actions_total", "What sweeps did, by kind of work.", "kind");
        _sweepRuns = make.CreateCounter("ipam_sweep_runs_total", "Runs of all sweeps.");
        _sweepFailures = make.CreateCounter("ipam_sweep_failures_total", "Kinds of work a run could not finish.");
        _files = make.CreateGauge("ipam_ingest_files", "Files of the watched folder by state.", "state");
        _refusedFiles = make.CreateCounter("ipam_ingest_refused_files_total", "Files of the watched folder that were refused.");
        _problems = make.CreateCounter("ipam_ingest_problems_total", "Problems found in files of the watched folder.");
    }

    public void Show(Member member, IngestLedger ledger)
    {
        var counts = member.Counts;
        Show(_assignments, counts.AssignedIpv4, "ipv4");
        Show(_assignments, counts.AssignedIpv6, "ipv6");
        Show(_releases, counts.Released);
        Show(_shortAnswers, counts.ShortAnswers);
        Show(_failedTurns, counts.FailedTurns);
        foreach (var code in Enum.GetValues<RefusalCode>())
        {
            // Only reasons that were given: most of the closed list is about definitions.
            if (counts.Refusals(code) is > 0 and var refusals)
            {
                _refusals.WithLabels(code.ToString()).IncTo(refusals);
            }
        }

        _turns.IncTo(counts.Turns);
        _repeated.IncTo(counts.RepeatedDecisions);
        Show(member.Load);
        Show(ledger);
    }

    private void Show(MemberLoad load)
    {
        _letters.Set(load.LettersWaiting);
        _deepest.Set(load.DeepestMailbox);
        _lettersRefused.IncTo(load.LettersRefused);
        _commits.Set(load.CommitsWaiting);
        _streams.Set(load.ActiveStreams);
        _activations.IncTo(load.Activations);
        _passivations.IncTo(load.Passivations);
        var sweeps = load.Sweeps;
        _sweeps.WithLabels("cooldowns_ended").IncTo(sweeps.CooldownsEnded);
        _sweeps.WithLabels("blocks_of_gone_hosts").IncTo(sweeps.BlocksOfGoneHosts);
        _sweeps.WithLabels("idle_blocks").IncTo(sweeps.IdleBlocks);
        _sweeps.WithLabels("requests_forgotten").IncTo(sweeps.RequestsForgotten);
        _sweeps.WithLabels("handles_forgotten").IncTo(sweeps.HandlesForgotten);
        _sweeps.WithLabels("releases_finished").IncTo(sweeps.ReleasesFinished);
        _sweepRuns.IncTo(sweeps.Runs);
        _sweepFailures.IncTo(sweeps.Failures);
    }

    private void Show(IngestLedger ledger)
    {
        var items = ledger.Status().Items;
        foreach (var state in IngestLedger.States)
        {
            _files.WithLabels(state).Set(items.Count(file => file.State == state));
        }

        _refusedFiles.IncTo(ledger.RefusedFiles);
        _problems.IncTo(ledger.Problems);
    }

    private static void Show(Counter counter, WordCounts counts, string? first = null)
    {
        foreach (var word in counts.Words)
        {
            (first is null ? counter.WithLabels(word) : counter.WithLabels(first, word)).IncTo(counts[word]);
        }
    }
}
