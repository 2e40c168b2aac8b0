using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Contracts;

/// <summary>Callers on real threads: no update is lost, no version is missing (INV-8).</summary>
public abstract class ConcurrencyContract(IJournalSource source)
{
    private const int Writers = 8, Increments = 20;

    [Fact]
    public async Task Writers_that_retry_when_they_lose_leave_every_increment_once_and_no_gap()
    {
        await using var under = await source.OpenAsync();
        var journal = under.Journal;

        var commits = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(journal, writer))));

        var shared = await journal.ReadAsync(Pool, Head.None, TestContext.Current.CancellationToken);
        shared.Head.Version.ShouldBe(Writers * Increments);
        shared.Rows.Select(row => row.Version).ShouldBe(Enumerable.Range(1, Writers * Increments).Select(version => (long)version));
        shared.Rows.Select(row => row.Commit).ShouldBe(commits.SelectMany(list => list), ignoreOrder: true);
        for (var writer = 0; writer < Writers; writer++)
        {
            var own = await journal.ReadAsync(Own(writer), Head.None, TestContext.Current.CancellationToken);
            own.Rows.Select(row => row.Commit).ShouldBe(commits[writer]);
        }
    }

    private static StreamId Own(int writer) => new($"pool/own-{writer}");

    private static async Task<List<CommitId>> WriteAsync(IJournal journal, int writer)
    {
        var commits = new List<CommitId>();
        while (commits.Count < Increments)
        {
            var heads = await journal.HeadsAsync([Own(writer), Pool], CancellationToken.None);
            var unit = Unit(Append(Own(writer), heads[0]), Append(Pool, heads[1]));
            var outcome = (await journal.AppendAsync([unit]))[0];
            while (outcome is Outcome.Unknown)
            {
                outcome = (await journal.AppendAsync([unit]))[0];
            }

            if (outcome is Outcome.Won or Outcome.AlreadyMine)
            {
                commits.Add(unit.Commit);
            }
            else
            {
                outcome.ShouldBeOfType<Outcome.Lost>().Moved.ShouldBe([Pool]);
            }
        }

        return commits;
    }
}
