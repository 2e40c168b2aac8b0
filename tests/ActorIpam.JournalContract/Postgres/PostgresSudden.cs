using System.Globalization;
using System.Runtime.CompilerServices;
using ActorIpam.EventSourcing;
using ActorIpam.Storage.Postgres;
using Npgsql;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Postgres;

/// <summary>A server that is killed and started again, and connections that are cut, while writers append: nothing acknowledged is missing (INV-2) or doubled (INV-8).</summary>
/// <remarks><c>SERVER_KILLS</c> says how often the server dies (3); ten times as often connections are cut.</remarks>
public sealed class PostgresSudden
{
    private const int Writers = 6;

    private static int Kills => int.Parse(Environment.GetEnvironmentVariable("SERVER_KILLS") ?? "3", CultureInfo.InvariantCulture);

    [Fact]
    public async Task What_was_acknowledged_is_there_once_whatever_was_killed_or_cut()
    {
        await using var server = await PostgresServer.OwnAsync();
        await using var proxy = Proxy.Before(server.Port);
        var text = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Port = proxy.Port }.ConnectionString;
        var options = new PostgresOptions { Schema = "sudden", AppendConnections = 3, AnswerTimeout = TimeSpan.FromSeconds(3) };
        await using var journal = await PostgresJournal.OpenAsync(text, options, TimeProvider.System);
        using var done = new CancellationTokenSource();
        var (acknowledged, cuts) = (new StrongBox<int>(), 0);
        var writing = Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(journal, writer, acknowledged, done.Token))).ToList();

        for (var kill = 1; kill <= Kills; kill++)
        {
            for (var cut = 0; cut < 10; cut++)
            {
                await MoreAsync(acknowledged, 20);
                cuts += proxy.Cut();
            }

            await server.KillAsync();
            await server.StartAgainAsync();
            await MoreAsync(acknowledged, 20);
        }

        await done.CancelAsync();
        var written = await Task.WhenAll(writing).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        for (var writer = 0; writer < Writers; writer++)
        {
            var own = await journal.ReadAsync(Own(writer), Head.None, TestContext.Current.CancellationToken);
            own.Rows.Select(row => row.Commit).ShouldBe(written[writer], $"writer {writer}");
            own.Rows.Select(row => row.Version).ShouldBe(Enumerable.Range(1, written[writer].Count).Select(version => (long)version));
        }

        var shared = await journal.ReadAsync(Pool, Head.None, TestContext.Current.CancellationToken);
        shared.Rows.Select(row => row.Commit).ShouldBe(written.SelectMany(commits => commits), ignoreOrder: true);
        TestContext.Current.SendDiagnosticMessage("{0} acknowledged appends survived {1} kills and {2} cut connections", acknowledged.Value, Kills, cuts);
        cuts.ShouldBeGreaterThan(0);
    }

    private static async Task MoreAsync(StrongBox<int> acknowledged, int more)
    {
        var goal = Volatile.Read(ref acknowledged.Value) + more;
        for (var look = 0; Volatile.Read(ref acknowledged.Value) < goal; look++)
        {
            look.ShouldBeLessThan(3_000, "no append was acknowledged for a minute: writers stand still");
            await Task.Delay(20);
        }
    }

    /// <summary>Each unit appends to the writer's own stream and to the shared one: what is lost is decided again, what is unknown is sent again.</summary>
    private static async Task<List<CommitId>> WriteAsync(PostgresJournal journal, int writer, StrongBox<int> acknowledged, CancellationToken done)
    {
        var commits = new List<CommitId>();
        while (!done.IsCancellationRequested)
        {
            if (await HeadsAsync(journal, writer) is not [var own, var shared])
            {
                await Task.Delay(20, CancellationToken.None);
                continue;
            }

            var unit = Unit(Append(Own(writer), own), Append(Pool, shared));
            var outcome = (await journal.AppendAsync([unit]))[0];
            while (outcome is Outcome.Unknown)
            {
                await Task.Delay(20, CancellationToken.None);
                outcome = (await journal.AppendAsync([unit]))[0];
            }

            if (outcome is Outcome.Won or Outcome.AlreadyMine)
            {
                commits.Add(unit.Commit);
                Interlocked.Increment(ref acknowledged.Value);
            }
            else
            {
                outcome.ShouldBeOfType<Outcome.Lost>().Moved.ShouldBe([Pool]);
            }
        }

        return commits;
    }

    private static async Task<Head[]> HeadsAsync(PostgresJournal journal, int writer)
    {
        try
        {
            return [.. await journal.HeadsAsync([Own(writer), Pool], CancellationToken.None)];
        }
        catch (JournalUnavailableException)
        {
            return [];
        }
    }

    private static StreamId Own(int writer) => new($"pool/own-{writer}");
}
