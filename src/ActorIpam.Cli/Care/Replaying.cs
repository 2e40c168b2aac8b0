using ActorIpam.Cli.Printing;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine;
using ActorIpam.Engine.Checking;
using ActorIpam.EventSourcing;
using ActorIpam.Storage.Portable;
using ActorIpam.Storage.Sqlite;

namespace ActorIpam.Cli.Care;

/// <summary>Replays a journal that came out of a backup: its streams are folded and compared with the views in it, as <c>ipam check</c> does on a live system.</summary>
/// <param name="progress">Where it tells how far it is.</param>
/// <param name="refuses">Whether a journal with problems is refused.</param>
internal sealed class Replaying(ProgressLine progress, bool refuses)
{
    /// <summary>What was found; null before it was replayed.</summary>
    public CheckReport? Report { get; private set; }

    /// <exception cref="CareException">It has problems, and they are refused.</exception>
    public async Task JudgeAsync(SqliteJournal journal, CancellationToken cancellation)
    {
        Report = await JournalCheck.RunAsync(
            new(journal, journal, TimeProvider.System, Chance.Instance) { Streams = journal, Past = journal }, found => progress.Tell($"replaying {found.Phase}: {found.Done}"), cancellation);
        if (refuses && Problems > 0)
        {
            throw new CareException(
                $"Replayed, the journal in the backup has {Plural.Of(Problems, "problem")}, first: {Report.Problems[0].Subject}: {Report.Problems[0].Message} Nothing was written; with --with-problems it is restored all the same, for 'ipamctl ipam check --repair'.");
        }
    }

    private int Problems => Report is null ? 0 : Report.Problems.Length + Report.MoreProblems;

    /// <summary>Half a sentence about what was found.</summary>
    public string Verdict => Report is null ? "not replayed" : $"{Report.Blocks} blocks and {Report.Addresses} addresses replayed, {(Problems == 0 ? "no problems" : Plural.Of(Problems, "problem"))}";

    public bool IsSound => Report is not null && Problems == 0;

    private sealed class Chance : IChance
    {
        public static Chance Instance { get; } = new();

        public Guid NewId() => Guid.NewGuid();

        public int Next(int below) => Random.Shared.Next(below);
    }
}
