using System.Diagnostics;
using ActorIpam.EventSourcing;
using ActorIpam.Storage.Sqlite;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Sqlite;

/// <summary>A process that is killed while it appends: what it acknowledged is there (INV-2), and its lock is gone with it.</summary>
public sealed class SqliteSudden
{
    private const string DatabaseVariable = "JOURNAL_TO_APPEND_TO";
    private const int Writers = 4, Kills = 3;

    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there_after_it()
    {
        using var folder = new ScratchFolder();
        var acknowledged = new List<string>();
        for (var kill = 1; kill <= Kills; kill++)
        {
            acknowledged.AddRange(await AppendUntilKilledAsync(folder.Database, after: 100 * kill));
            await using var journal = await folder.OpenAsync();
            var found = new HashSet<string>(StringComparer.Ordinal);
            for (var writer = 0; writer < Writers; writer++)
            {
                var tail = await journal.ReadAsync(Own(writer), Head.None, TestContext.Current.CancellationToken);
                tail.Rows.Select(row => row.Version).ShouldBe(Enumerable.Range(1, (int)tail.Head.Version).Select(version => (long)version));
                found.UnionWith(tail.Rows.Select(row => Line(Own(writer), row.Version, row.Commit)));
            }

            acknowledged.Where(line => !found.Contains(line)).ShouldBeEmpty();
        }

        acknowledged.Count.ShouldBeGreaterThanOrEqualTo(600);
    }

    [Fact(Explicit = true)]
    public async Task Appends_until_it_is_killed()
    {
        var database = Environment.GetEnvironmentVariable(DatabaseVariable);
        Assert.SkipWhen(database is null, $"Run as a child process of {nameof(What_was_acknowledged_before_a_kill_is_there_after_it)}.");
        await using var journal = await SqliteJournal.OpenAsync(database, new() { CheckpointPages = 50 }, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => AppendForeverAsync(journal, Own(writer))));
    }

    private static async Task<List<string>> AppendUntilKilledAsync(string database, int after)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in (string[])["exec", typeof(SqliteSudden).Assembly.Location, "-explicit", "only", "-method", $"{typeof(SqliteSudden).FullName}.{nameof(Appends_until_it_is_killed)}"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[DatabaseVariable] = database;
        using var child = Process.Start(start)!;
        var lines = new List<string>();
        while (await child.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("pool/", StringComparison.Ordinal) && line.EndsWith("acknowledged", StringComparison.Ordinal))
            {
                lines.Add(line);
            }

            if (lines.Count == after)
            {
                child.Kill();
            }
        }

        await child.WaitForExitAsync();
        lines.Count.ShouldBeGreaterThanOrEqualTo(after, "the child ended before it was killed");
        return lines;
    }

    private static async Task AppendForeverAsync(SqliteJournal journal, StreamId stream)
    {
        var head = (await journal.HeadsAsync([stream], CancellationToken.None))[0];
        while (true)
        {
            var unit = new Unit(new(Guid.NewGuid())) { At = At(0), Member = "m1", Appends = [Append(stream, head)] };
            (await journal.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.Won>();
            head = head.Next(unit.Commit);
            // One line, one write: a kill may cut the last line, and a cut line is no acknowledgement.
            Console.Out.WriteLine(Line(stream, head.Version, head.Commit));
        }
    }

    private static StreamId Own(int writer) => new($"pool/own-{writer}");

    private static string Line(StreamId stream, long version, CommitId commit) => $"{stream} {version} {commit} acknowledged";
}
