using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Storage.Postgres;
using Npgsql;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Postgres;

/// <summary>A server that is full, read-only or silent: the rules of protocol.md §4, each with the real thing.</summary>
public sealed class PostgresTroubles
{
    [Fact]
    public async Task A_full_disk_is_told_after_two_tries_and_the_next_append_wins_when_there_is_room()
    {
        await using var under = await PostgresSource.NewAsync();
        await RefuseAsync(under, "53100", times: 100);
        var unit = Unit(Append(Pool, Head.None));

        (await under.AppendAsync(unit)).ShouldBeOfType<Outcome.Failed>().Fault.ShouldBe(JournalFault.StorageFull);
        (await under.RunAsync("select last_value from tries")).ShouldBe(2);

        await AcceptAsync(under);
        (await under.AppendAsync(unit)).ShouldBeOfType<Outcome.Won>();
    }

    [Fact]
    public async Task A_server_that_turns_read_only_is_left_for_a_fresh_connection()
    {
        await using var under = await PostgresSource.NewAsync(appendConnections: 1);
        var head = await under.MoveAsync(Pool, Head.None);
        await RefuseAsync(under, "25006", times: 1);

        (await under.AppendAsync(Unit(Append(Pool, head)))).ShouldBeOfType<Outcome.Won>();
        (await under.RunAsync("select count(*) from session where pid <> (select last_value from refused)")).ShouldBe(1, "the session that only reads is not asked again");
    }

    [Theory]
    [InlineData("40001")]
    [InlineData("57P01")]
    [InlineData("58030")]
    public async Task What_passes_is_sent_again_until_it_wins(string state)
    {
        await using var under = await PostgresSource.NewAsync();
        await RefuseAsync(under, state, times: 3);

        (await under.AppendAsync(Unit(Append(Pool, Head.None)))).ShouldBeOfType<Outcome.Won>();
    }

    /// <remarks>The proxy swallows the answer: the commit happened, and nobody was told. The same unit over a fresh connection is recognised.</remarks>
    [Fact]
    public async Task An_answer_that_never_comes_is_unknown_and_the_same_unit_is_found_over_a_fresh_connection()
    {
        await using var under = await PostgresSource.NewAsync();
        await using var proxy = Proxy.Before(new NpgsqlConnectionStringBuilder(under.ConnectionString).Port);
        var options = under.Options with { AppendConnections = 1, AnswerTimeout = TimeSpan.FromSeconds(2) };
        await using var journal = await OpenThroughAsync(proxy, under, options);
        (await journal.AppendAsync([Unit(Append(Block, Head.None))]))[0].ShouldBeOfType<Outcome.Won>();
        var unit = Unit(Append(Pool, Head.None));

        proxy.SwallowsAnswers = true;
        (await journal.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.Unknown>();
        (await under.RunAsync("select count(*) from journal where stream = 'pool/web'")).ShouldBe(1);
        proxy.SwallowsAnswers = false;

        (await journal.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.AlreadyMine>();
    }

    /// <remarks>The batch is on its way for longer than anybody waits. Sent again, the unit is refused by a guard, which somebody then lifts: only the end of the first session keeps the late copy from being written.</remarks>
    [Fact]
    public async Task What_arrives_after_the_same_unit_was_refused_over_another_session_is_not_written()
    {
        await using var under = await PostgresSource.NewAsync();
        await using var proxy = Proxy.Before(new NpgsqlConnectionStringBuilder(under.ConnectionString).Port);
        var options = under.Options with { AppendConnections = 1, AnswerTimeout = TimeSpan.FromSeconds(1) };
        await using var journal = await OpenThroughAsync(proxy, under, options);
        await under.WinAsync(Asks("r1"));
        (await journal.AppendAsync([Unit(Append(Block, Head.None))]))[0].ShouldBeOfType<Outcome.Won>("a connection is open");
        var unit = Asks("r1") with { Appends = [Append(Pool, Head.None)] };

        proxy.Delay();
        (await journal.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.Unknown>();
        (await journal.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.Refused>();
        await under.WinAsync(Showing(new IpamViewChange.RequestForgotten("r1", At(0))));
        (await proxy.ArriveAsync()).ShouldBe(1, "the first copy");

        (await under.RunAsync("select count(*) from journal where stream = 'pool/web'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_session_that_was_left_in_the_middle_of_a_batch_is_ended_and_the_unit_is_written_once()
    {
        await using var under = await PostgresSource.NewAsync();
        await using var proxy = Proxy.Before(new NpgsqlConnectionStringBuilder(under.ConnectionString).Port);
        var options = under.Options with { AppendConnections = 1, AnswerTimeout = TimeSpan.FromSeconds(1), LockTimeout = TimeSpan.FromMinutes(1) };
        await using var journal = await OpenThroughAsync(proxy, under, options);
        var unit = Unit(Append(Pool, Head.None));

        await using (var other = await under.ConnectAsync())
        {
            await using var inTheWay = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var lockAll = new NpgsqlCommand($"lock table {under.Options.Schema}.journal in access exclusive mode", other);
            await lockAll.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            (await journal.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.Unknown>();
            (await journal.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.Unknown>();
            (await under.RunAsync("select count(*) from pg_stat_activity where application_name = 'actor-ipam append' and wait_event_type = 'Lock'")).ShouldBe(1, "the first one was ended before the second was sent");
        }

        // The second one may have written it before it was ended.
        ((await journal.AppendAsync([unit])) is [Outcome.Won or Outcome.AlreadyMine]).ShouldBeTrue();
        (await under.RunAsync("select count(*) from journal where stream = 'pool/web'")).ShouldBe(1);
    }

    [Fact]
    public async Task Of_several_hosts_the_one_that_takes_writes_is_used()
    {
        await using var under = await PostgresSource.NewAsync();
        var text = new NpgsqlConnectionStringBuilder(under.ConnectionString);
        text.Host = $"127.0.0.1:1,127.0.0.1:{text.Port}";
        await using var journal = await PostgresJournal.OpenAsync(text.ConnectionString, under.Options, TimeProvider.System);

        (await journal.AppendAsync([Unit(Append(Pool, Head.None))]))[0].ShouldBeOfType<Outcome.Won>();
    }

    private static Task<PostgresJournal> OpenThroughAsync(Proxy proxy, PostgresUnderTest under, PostgresOptions options) =>
        PostgresJournal.OpenAsync(new NpgsqlConnectionStringBuilder(under.ConnectionString) { Port = proxy.Port }.ConnectionString, options, TimeProvider.System);

    private static Unit Asks(string request) => Guarded(new IpamGuard.NewRequest(request, "d", At(1), null, [new(Ip("10.0.0.1"), 4)]));

    /// <summary>The next times, the server refuses to write journal rows; it counts them, and notes which session was refused last and which one wrote.</summary>
    private static Task<long> RefuseAsync(PostgresUnderTest under, string state, int times) => under.RunAsync(
        $"""
        create sequence tries;
        create sequence refused;
        create table session (pid bigint);
        create function refuse() returns trigger language plpgsql as $body$
        begin
            if nextval('tries') <= {times} then
                perform setval('refused', pg_backend_pid());
                raise exception 'refused for the test' using errcode = '{state}';
            end if;
            insert into session values (pg_backend_pid());
            return null;
        end $body$;
        create trigger refuse before insert on journal for each statement execute function refuse();
        """);

    private static Task<long> AcceptAsync(PostgresUnderTest under) => under.RunAsync("drop trigger refuse on journal");
}
