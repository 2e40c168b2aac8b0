using System.Collections.Immutable;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.Domain.Views.IpamGuard;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Postgres;

/// <summary>Sessions that stand in each other's way: they wait, lose or are told unknown, and nothing is written twice or lost.</summary>
public sealed class PostgresLocks
{
    private static readonly ImmutableArray<StreamId> Shared = [.. Enumerable.Range(0, 6).Select(index => new StreamId($"pool/{index}"))];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <remarks>Batches over the same streams, requests and handles, each in another order. The server counts deadlocks; there must be none.</remarks>
    [Fact]
    public async Task Batches_over_the_same_keys_in_any_order_never_deadlock_and_lose_nothing()
    {
        await using var under = await PostgresSource.NewAsync(appendConnections: 4);
        var before = await DeadlocksAsync(under);

        var won = await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() => WriteAsync(under.Journal, writer))));

        (await DeadlocksAsync(under)).ShouldBe(before);
        var wins = won.SelectMany(list => list).ToList();
        wins.Count.ShouldBeGreaterThan(40);
        foreach (var stream in Shared)
        {
            var tail = await under.Journal.ReadAsync(stream, Head.None, Cancellation);
            tail.Rows.Select(row => row.Version).ShouldBe(Enumerable.Range(1, tail.Rows.Length).Select(version => (long)version));
            tail.Head.Version.ShouldBe(tail.Rows.Length);
            tail.Rows.Select(row => row.Commit).ShouldBe(wins.Where(unit => unit.Appends.Any(append => append.Stream == stream)).Select(unit => unit.Commit), ignoreOrder: true);
        }

        var grants = wins.SelectMany(unit => unit.Guards.OfType<NewRequest>()).Select(request => request.Id).ToList();
        grants.ShouldBeUnique();
        (await under.RunAsync("select count(*) from request")).ShouldBe(grants.Count);
    }

    [Fact]
    public async Task An_append_waits_for_a_held_head_and_then_wins_or_loses_by_what_it_finds()
    {
        await using var under = await PostgresSource.NewAsync();
        var head = await under.MoveAsync(Pool, Head.None);
        await using var other = await under.ConnectAsync();
        await using var holding = await other.BeginTransactionAsync(Cancellation);
        await using var hold = new Npgsql.NpgsqlCommand("select version from stream where id = 'pool/web' for update", other);
        await hold.ExecuteScalarAsync(Cancellation);

        var append = under.AppendAsync(Unit(Append(Pool, head)));
        // Longer than one lock_timeout of two seconds.
        await Task.WhenAny(append, Task.Delay(3_000, Cancellation));
        append.IsCompleted.ShouldBeFalse();
        await holding.CommitAsync(Cancellation);

        (await append).ShouldBeOfType<Outcome.Won>();
        (await under.HeadAsync(Pool)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_head_that_moves_while_an_append_waits_for_it_makes_the_append_lose()
    {
        await using var under = await PostgresSource.NewAsync();
        var head = await under.MoveAsync(Pool, Head.None);
        await using var other = await under.ConnectAsync();
        await using var holding = await other.BeginTransactionAsync(Cancellation);
        await using var move = new Npgsql.NpgsqlCommand("update stream set version = version + 1, commit_id = '00000000-0000-0000-0000-0000000000ff' where id = 'pool/web'", other);
        await move.ExecuteNonQueryAsync(Cancellation);

        var append = under.AppendAsync(Unit(Append(Pool, head)));
        await Task.WhenAny(append, Task.Delay(500, Cancellation));
        append.IsCompleted.ShouldBeFalse();
        await holding.CommitAsync(Cancellation);

        (await append).ShouldBeOfType<Outcome.Lost>().Moved.ShouldBe([Pool]);
    }

    [Fact]
    public async Task A_policy_fence_waits_for_a_policy_change_in_flight_and_sees_it()
    {
        await using var under = await PostgresSource.NewAsync();
        await using var other = await under.ConnectAsync();
        await using var holding = await other.BeginTransactionAsync(Cancellation);
        await using var change = new Npgsql.NpgsqlCommand(
            "select pg_advisory_xact_lock(hashtext(current_schema()), 0); insert into stream values ('policy', 1, '00000000-0000-0000-0000-0000000000ff')", other);
        await change.ExecuteNonQueryAsync(Cancellation);

        var append = under.AppendAsync(Unit(Append(Pool, Head.None)) with { Fences = [new(Policy, Head.None)] });
        await Task.WhenAny(append, Task.Delay(500, Cancellation));
        append.IsCompleted.ShouldBeFalse();
        await holding.CommitAsync(Cancellation);

        (await append).ShouldBeOfType<Outcome.Lost>().Moved.ShouldBe([Policy]);
    }

    [Fact]
    public async Task A_head_held_for_good_makes_the_outcome_unknown_and_spares_the_rest_of_the_batch()
    {
        await using var under = await PostgresSource.NewAsync();
        var head = await under.MoveAsync(Pool, Head.None);
        await using var other = await under.ConnectAsync();
        await using var holding = await other.BeginTransactionAsync(Cancellation);
        await using var hold = new Npgsql.NpgsqlCommand("select version from stream where id = 'pool/web' for update", other);
        await hold.ExecuteScalarAsync(Cancellation);
        var stuck = Unit(Append(Pool, head));

        var outcomes = await under.Journal.AppendAsync([Unit(Append(new("pool/free"), Head.None)), stuck]);
        outcomes[0].ShouldBeOfType<Outcome.Won>();
        outcomes[1].ShouldBeOfType<Outcome.Unknown>();

        await holding.RollbackAsync(Cancellation);
        (await under.AppendAsync(stuck)).ShouldBeOfType<Outcome.Won>();
    }

    private static Task<long> DeadlocksAsync(PostgresUnderTest under) => under.RunAsync("select deadlocks from pg_stat_database where datname = current_database()");

    private static async Task<List<Unit>> WriteAsync(IJournal journal, int writer)
    {
        var dice = new Programs.Dice(writer);
        var won = new List<Unit>();
        for (var step = 0; step < 40; step++)
        {
            var heads = await journal.HeadsAsync(Shared, CancellationToken.None);
            var batch = Enumerable.Range(0, 8).Select(_ => UnitOver(dice, heads)).ToImmutableArray();
            var outcomes = await journal.AppendAsync(batch);
            won.AddRange(batch.Where((_, index) => outcomes[index] is Outcome.Won));
            outcomes.ShouldAllBe(outcome => outcome is Outcome.Won || outcome is Outcome.Lost || outcome is Outcome.Refused);
        }

        return won;
    }

    private static Unit UnitOver(Programs.Dice dice, ImmutableArray<Head> heads) =>
        Unit([.. dice.Some([.. Enumerable.Range(0, heads.Length)], 3).Select(index => Append(Shared[index], heads[index]))]) with
        {
            Raises = dice.Percent(50) ? [new StreamId($"host/{dice.Below(3)}")] : [],
            Fences = dice.Percent(20) ? [new(new($"node/{dice.Below(3)}"), Head.None)] : [],
            Guards =
            [
                new NewRequest($"r{dice.Below(400)}", "d", At(5), $"h{dice.Below(5)}", []),
                dice.Percent(20) ? new HandleClose($"h{dice.Below(5)}", At(1)) : new HandleOpen($"h{dice.Below(5)}", At(5), []),
            ],
        };
}
