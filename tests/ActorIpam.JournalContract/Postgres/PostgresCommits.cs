using System.Collections.Immutable;
using System.Diagnostics;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Postgres;

/// <summary>Rows leave the server before the commit does: no outcome may be told before the commit ended (protocol.md §4).</summary>
public sealed class PostgresCommits
{
    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    public async Task No_outcome_is_told_before_a_held_back_commit_ended(int units)
    {
        await using var under = await PostgresSource.NewAsync();
        await AtCommitAsync(under, "perform pg_sleep(1.5)");
        var clock = Stopwatch.StartNew();

        var append = under.Journal.AppendAsync(Batch(units)).AsTask();
        await Task.WhenAny(append, Task.Delay(1_000, TestContext.Current.CancellationToken));
        var told = append.IsCompleted;
        (await under.RunAsync("select count(*) from journal")).ShouldBe(0);
        told.ShouldBeFalse();

        (await append).ShouldAllBe(outcome => outcome is Outcome.Won);
        clock.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(1.5));
        (await under.RunAsync("select count(*) from journal")).ShouldBe(units);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    public async Task A_commit_that_fails_at_its_end_is_no_win(int units)
    {
        await using var under = await PostgresSource.NewAsync();
        await AtCommitAsync(under, "raise exception 'no commit today'");

        var batch = Batch(units);
        (await under.Journal.AppendAsync(batch)).ShouldAllBe(outcome => outcome is Outcome.Unknown);
        (await under.RunAsync("select count(*) from journal")).ShouldBe(0);

        await under.RunAsync("drop trigger at_commit on journal");
        (await under.Journal.AppendAsync(batch)).ShouldAllBe(outcome => outcome is Outcome.Won);
    }

    [Fact]
    public async Task A_warning_during_the_commit_makes_the_outcome_unknown()
    {
        await using var under = await PostgresSource.NewAsync();
        await AtCommitAsync(under, "raise warning 'canceling wait for synchronous replication due to user request'");

        var batch = Batch(3);
        (await under.Journal.AppendAsync(batch)).ShouldAllBe(outcome => outcome is Outcome.Unknown);

        await under.RunAsync("drop trigger at_commit on journal");
        (await under.Journal.AppendAsync(batch)).ShouldAllBe(outcome => outcome is Outcome.AlreadyMine);
        (await under.RunAsync("select count(*) from journal")).ShouldBe(3);
    }

    [Fact]
    public async Task An_append_whose_session_is_killed_is_unknown_and_sent_again_counts_once()
    {
        await using var under = await PostgresSource.NewAsync();
        await AtCommitAsync(under, "perform pg_sleep(5)");
        var batch = Batch(5);

        var append = under.Journal.AppendAsync(batch).AsTask();
        var killed = 0L;
        while (killed == 0)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            killed = await under.RunAsync("select count(pg_terminate_backend(pid)) from pg_stat_activity where wait_event = 'PgSleep'");
        }

        (await append).ShouldAllBe(outcome => outcome is Outcome.Unknown);
        await under.RunAsync("drop trigger at_commit on journal");
        (await under.Journal.AppendAsync(batch)).ShouldAllBe(outcome => outcome is Outcome.Won || outcome is Outcome.AlreadyMine);
        (await under.Journal.AppendAsync(batch)).ShouldAllBe(outcome => outcome is Outcome.AlreadyMine);
        (await under.RunAsync("select count(*) from journal")).ShouldBe(5);
    }

    /// <remarks>One unit's trouble at its own stream must not stop the others, and what it is told is never "won".</remarks>
    [Fact]
    public async Task A_unit_whose_data_the_server_refuses_fails_alone()
    {
        await using var under = await PostgresSource.NewAsync();
        var flawed = Unit(Append(new("pool/flawed"), Head.None, "\"\u0000\""));
        var unreadable = Unit(Append(new("pool/unreadable"), Head.None, "no json"));
        var batch = Batch(6).Insert(2, flawed).Insert(5, unreadable);

        var outcomes = await under.Journal.AppendAsync(batch);

        outcomes.Select(outcome => outcome is Outcome.Failed { Fault: JournalFault.BrokenInvariant }).ShouldBe([false, false, true, false, false, true, false, false]);
        outcomes.Count(outcome => outcome is Outcome.Won).ShouldBe(6);
    }

    private static ImmutableArray<Unit> Batch(int units) => [.. Enumerable.Range(0, units).Select(index => Unit(Append(new($"pool/{index:000}"), Head.None)))];

    /// <summary>Does something between the last row's departure and the end of the commit, once a transaction.</summary>
    private static Task<long> AtCommitAsync(PostgresUnderTest under, string statement) => under.RunAsync(
        $"""
        create function at_commit() returns trigger language plpgsql as $body$
        begin
            if current_setting('test.done', true) is distinct from txid_current()::text then
                perform set_config('test.done', txid_current()::text, true);
                {statement};
            end if;
            return null;
        end $body$;
        create constraint trigger at_commit after insert on journal deferrable initially deferred for each row execute function at_commit();
        """);
}
