using System.Collections.Immutable;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Storage.Postgres;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Postgres;

/// <summary>Look-ups that share statements: each is answered with its own rows, as of when it was asked or later, whatever becomes of the others.</summary>
public sealed class PostgresLookUps
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_is_asked_alone_is_looked_up_at_once()
    {
        var table = new HeldTable();

        var one = table.Reads.OfAsync("a", Cancellation).AsTask();

        table.Statements.ShouldHaveSingleItem().Keys.ShouldBe(["a"]);
        table.Statements[0].Answer("a1", "a2");
        (await one).ShouldBe(["a1", "a2"]);
    }

    [Fact]
    public async Task Those_that_come_while_two_statements_are_under_way_share_the_next_and_no_answer_is_older_than_its_question()
    {
        var table = new HeldTable();
        var first = table.Reads.OfAsync("a", Cancellation).AsTask();
        var second = table.Reads.OfAsync("b", Cancellation).AsTask();

        // "a" is being read, but by a statement that may have begun before what this one is to see.
        var late = table.Reads.OfAsync("a", Cancellation).AsTask();
        var twin = table.Reads.OfAsync("a", Cancellation).AsTask();
        var none = table.Reads.OfAsync("c", Cancellation).AsTask();
        table.Statements.Count.ShouldBe(2);
        table.Statements[0].Answer("a-before");
        (await first).ShouldBe(["a-before"]);

        await table.AsksAsync(3);
        table.Statements[2].Keys.ShouldBe(["a", "c"]);
        table.Statements[2].Answer("a-behind");
        (await late).ShouldBe(["a-behind"]);
        (await twin).ShouldBe(["a-behind"]);
        (await none).ShouldBeEmpty();
        table.Statements[1].Answer("b1");
        (await second).ShouldBe(["b1"]);
    }

    [Fact]
    public async Task A_statement_that_fails_fails_for_all_who_share_it_and_the_next_is_sent()
    {
        var table = new HeldTable();
        var first = table.Reads.OfAsync("a", Cancellation).AsTask();
        var second = table.Reads.OfAsync("b", Cancellation).AsTask();
        var (third, fourth) = (table.Reads.OfAsync("c", Cancellation).AsTask(), table.Reads.OfAsync("d", Cancellation).AsTask());

        table.Statements[0].Fail(new JournalUnavailableException("away"));
        await Should.ThrowAsync<JournalUnavailableException>(first);
        await table.AsksAsync(3);
        table.Statements[2].Fail(new JournalUnavailableException("still away"));
        await Should.ThrowAsync<JournalUnavailableException>(third);
        await Should.ThrowAsync<JournalUnavailableException>(fourth);

        var again = table.Reads.OfAsync("a", Cancellation).AsTask();
        await table.AsksAsync(4);
        table.Statements[3].Answer("a1");
        (await again).ShouldBe(["a1"]);
        table.Statements[1].Answer();
        (await second).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_leaves_takes_no_answer_from_the_others()
    {
        var table = new HeldTable();
        using var leaving = new CancellationTokenSource();
        var first = table.Reads.OfAsync("a", leaving.Token).AsTask();
        var second = table.Reads.OfAsync("b", Cancellation).AsTask();
        var (gone, stays) = (table.Reads.OfAsync("c", leaving.Token).AsTask(), table.Reads.OfAsync("c", Cancellation).AsTask());

        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        await Should.ThrowAsync<OperationCanceledException>(gone);
        table.Statements[0].Answer("a1");
        await table.AsksAsync(3);
        table.Statements[2].Answer("c1");
        (await stays).ShouldBe(["c1"]);
        table.Statements[1].Answer();
        (await second).ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_at_once_are_each_answered_with_their_own_rows()
    {
        await using var under = await PostgresSource.NewAsync();
        await under.WinAsync(Showing([.. Enumerable.Range(0, 200).Select(index => Held($"10.0.{index / 100}.{index % 100}", index + 1, $"pod-{index / 2}"))]));
        await under.WinAsync(Guarded([.. Enumerable.Range(0, 50).Select(index => new IpamGuard.NewRequest($"r{index}", "d", null, null, []))]));

        var handles = await Task.WhenAll(Enumerable.Range(0, 150).Select(index => under.Views.AddressesOfHandleAsync($"pod-{index}", Cancellation).AsTask()));
        var requests = await Task.WhenAll(Enumerable.Range(0, 100).Select(index => under.Views.RequestAsync($"r{index}", Cancellation).AsTask()));

        handles.Select(static rows => string.Join(' ', rows.Select(static row => $"{row.Ip} {row.Handle}")))
            .ShouldBe(Enumerable.Range(0, 150).Select(index => index < 100 ? $"{Address(2 * index)} pod-{index} {Address((2 * index) + 1)} pod-{index}" : ""));
        requests.Select(static row => row?.Id).ShouldBe(Enumerable.Range(0, 100).Select(static index => index < 50 ? $"r{index}" : null));

        static string Address(int index) => $"10.0.{index / 100}.{index % 100}";
    }

    /// <remarks>A plan that is kept from when the table was empty would read all of it for each look-up, more of it each time.</remarks>
    [Fact]
    public async Task Look_ups_go_by_their_keys_although_their_plan_was_made_while_the_tables_were_empty()
    {
        await using var under = await PostgresSource.NewAsync();
        await under.RunAsync("analyze address; analyze request");
        for (var index = 0; index < 40; index++)
        {
            await LookUpAsync();
        }

        await under.WinAsync(Showing([.. Enumerable.Range(1, 50).Select(index => Held($"10.9.0.{index}", index, $"other-{index}"))]));

        // Sessions tell what they did about once a second.
        for (var wait = 0; wait < 200 && await CountedAsync("idx_scan") < 300; wait++)
        {
            await Task.Delay(50, Cancellation);
            await LookUpAsync();
        }

        (await CountedAsync("idx_scan")).ShouldBeGreaterThanOrEqualTo(300);
        (await CountedAsync("seq_tup_read")).ShouldBe(0);

        Task<long> CountedAsync(string kind) =>
            under.RunAsync($"select sum({kind})::bigint from pg_stat_user_tables where schemaname = '{under.Options.Schema}' and relname in ('address', 'request')");

        async Task LookUpAsync()
        {
            (await under.Views.AddressesOfHandleAsync("pod", Cancellation)).ShouldBeEmpty();
            (await under.Views.RequestAsync("r", Cancellation)).ShouldBeNull();
            (await under.Views.AddressesAsync([Ip("10.0.0.1")], Cancellation)).ShouldBeEmpty();
        }
    }

    /// <summary>Look-ups of texts that begin with their key, over a table whose statements the test answers.</summary>
    private sealed class HeldTable
    {
        public HeldTable() => Reads = new(Ask, static row => row[..1]);

        public CoalescedReads<string> Reads { get; }

        public List<Statement> Statements { get; } = [];

        private int Sent
        {
            get
            {
                lock (Statements)
                {
                    return Statements.Count;
                }
            }
        }

        /// <summary>Waits until so many statements were sent.</summary>
        public async Task AsksAsync(int count)
        {
            for (var wait = 0; wait < 3000 && Sent < count; wait++)
            {
                await Task.Delay(10, Cancellation);
            }

            Sent.ShouldBe(count);
        }

        private ValueTask<ImmutableArray<string>> Ask(string[] keys)
        {
            var statement = new Statement(keys);
            lock (Statements)
            {
                Statements.Add(statement);
            }

            return statement.Rows;
        }
    }

    private sealed class Statement(string[] keys)
    {
        private readonly TaskCompletionSource<ImmutableArray<string>> _rows = new();

        public IReadOnlyList<string> Keys => keys;

        public ValueTask<ImmutableArray<string>> Rows => new(_rows.Task);

        public void Answer(params string[] rows) => _rows.SetResult([.. rows]);

        public void Fail(Exception failure) => _rows.SetException(failure);
    }
}
