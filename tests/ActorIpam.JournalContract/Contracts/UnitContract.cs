using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Contracts;

/// <summary>How units are judged by their heads, and that they are all or nothing (protocol.md §3).</summary>
public abstract class UnitContract(IJournalSource source)
{
    [Fact]
    public async Task A_winner_moves_every_head_it_appends_to_or_raises_by_one()
    {
        await using var under = await source.OpenAsync();
        var unit = Unit(Append(Block, Head.None), Append(Pool, Head.None)) with { Raises = [HostA, Policy] };

        await under.WinAsync(unit);

        (await under.Journal.HeadsAsync([Policy, Block, new("node/never"), HostA, Pool], TestContext.Current.CancellationToken))
            .ShouldBe([new(1, unit.Commit), new(1, unit.Commit), Head.None, new(1, unit.Commit), new(1, unit.Commit)]);
    }

    [Fact]
    public async Task A_unit_whose_heads_moved_is_lost_and_names_them_in_order()
    {
        await using var under = await source.OpenAsync();
        var pool = await under.MoveAsync(Pool, Head.None);
        await under.MoveAsync(Block, Head.None);
        await under.WinAsync(Unit() with { Raises = [Policy] });

        var outcome = await under.AppendAsync(Unit(Append(Pool, pool), Append(Block, Head.None)) with { Fences = [new(Policy, Head.None)], Raises = [HostA] });

        outcome.ShouldBeOfType<Outcome.Lost>().Moved.ShouldBe([Block, Policy]);
        (await under.HeadAsync(Pool)).ShouldBe(pool);
        (await under.HeadAsync(HostA)).ShouldBe(Head.None);
    }

    [Fact]
    public async Task A_head_of_the_right_version_but_another_commit_has_moved()
    {
        await using var under = await source.OpenAsync();
        var head = await under.MoveAsync(Block, Head.None);

        (await under.AppendAsync(Unit(Append(Block, head with { Commit = NewCommit() })))).ShouldBeOfType<Outcome.Lost>();
        (await under.AppendAsync(Unit() with { Fences = [new(Block, head with { Commit = NewCommit() })] })).ShouldBeOfType<Outcome.Lost>();
    }

    [Fact]
    public async Task A_repeated_unit_is_already_mine_also_after_others_moved_the_head()
    {
        await using var under = await source.OpenAsync();
        var unit = Unit(Append(Block, Head.None), Append(Pool, Head.None));
        await under.WinAsync(unit);
        (await under.AppendAsync(unit)).ShouldBeOfType<Outcome.AlreadyMine>();

        var moved = await under.MoveAsync(Block, new(1, unit.Commit));

        (await under.AppendAsync(unit)).ShouldBeOfType<Outcome.AlreadyMine>();
        (await under.HeadAsync(Block)).ShouldBe(moved);
    }

    [Fact]
    public async Task Of_twins_in_one_batch_the_second_loses_and_a_successor_wins()
    {
        await using var under = await source.OpenAsync();
        var first = Unit(Append(Block, Head.None));
        var twin = Unit(Append(Block, Head.None));
        var next = Unit(Append(Block, new(1, first.Commit)));

        var outcomes = await under.Journal.AppendAsync([first, twin, next, first]);

        outcomes.Select(outcome => outcome.GetType()).ShouldBe([typeof(Outcome.Won), typeof(Outcome.Lost), typeof(Outcome.Won), typeof(Outcome.AlreadyMine)]);
        (await under.HeadAsync(Block)).ShouldBe(new(2, next.Commit));
    }

    [Fact]
    public async Task A_fence_sees_what_an_earlier_winner_of_the_batch_raised()
    {
        await using var under = await source.OpenAsync();

        var outcomes = await under.Journal.AppendAsync([Unit() with { Raises = [Policy] }, Unit(Append(Block, Head.None)) with { Fences = [new(Policy, Head.None)] }]);

        outcomes[1].ShouldBeOfType<Outcome.Lost>().Moved.ShouldBe([Policy]);
    }

    [Fact]
    public async Task A_stream_may_be_fenced_and_raised_by_one_unit_and_raised_blindly_by_many()
    {
        await using var under = await source.OpenAsync();
        var fenced = Unit() with { Fences = [new(HostA, Head.None)], Raises = [HostA] };

        await under.WinAsync(fenced);
        (await under.AppendAsync(fenced)).ShouldBeOfType<Outcome.Lost>("a unit without appends is judged afresh");
        await under.WinAsync(Unit() with { Raises = [HostA, HostA] });

        (await under.HeadAsync(HostA)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task A_question_is_won_as_often_as_its_fences_stand_and_writes_nothing()
    {
        await using var under = await source.OpenAsync();
        var head = await under.MoveAsync(Block, Head.None);
        var question = Unit() with { Fences = [new(Block, head), new(Policy, Head.None)] };

        await under.WinAsync(question);
        await under.WinAsync(question);

        (await under.HeadAsync(Block)).ShouldBe(head);
        (await under.HeadAsync(Policy)).ShouldBe(Head.None);
        await under.MoveAsync(Block, head);
        (await under.AppendAsync(question)).ShouldBeOfType<Outcome.Lost>();
    }

    /// <remarks>Members commit it behind what they have read, so that it waits for whatever could be seen (<c>Workplace.SettledAsync</c>).</remarks>
    [Fact]
    public async Task A_unit_without_anything_is_won_alone_and_beside_others()
    {
        await using var under = await source.OpenAsync();
        var head = await under.MoveAsync(Block, Head.None);

        await under.WinAsync(Unit());
        (await under.Journal.AppendAsync([Unit(), Unit(Append(Block, head)), Unit()])).ShouldAllBe(static outcome => outcome is Outcome.Won);
        (await under.Journal.AppendAsync([Unit(Append(Block, head)), Unit()])).ShouldSatisfyAllConditions(
            static outcomes => outcomes[0].ShouldBeOfType<Outcome.Lost>(),
            static outcomes => outcomes[1].ShouldBeOfType<Outcome.Won>());
    }

    [Fact]
    public async Task A_unit_that_contradicts_itself_is_a_broken_invariant_and_spares_the_others()
    {
        await using var under = await source.OpenAsync();
        Unit[] flawed =
        [
            Unit(Append(Block, Head.None), Append(Block, Head.None)),
            Unit(Append(Block, Head.None)) with { Raises = [Block] },
            Guarded(GuardContract.Request("r1"), GuardContract.Request("r1")),
            Showing(Held("10.0.0.1"), Freed("10.0.0.1")),
            Showing(Stands("10.0.0.0/28"), Stands("10.0.0.0/28", A)),
        ];

        var outcomes = await under.Journal.AppendAsync([.. flawed, Unit(Append(Pool, Head.None))]);

        outcomes[..^1].ShouldAllBe(outcome => ((Outcome.Failed)outcome).Fault == JournalFault.BrokenInvariant);
        outcomes[^1].ShouldBeOfType<Outcome.Won>();
        (await under.HeadAsync(Block)).ShouldBe(Head.None);
    }

    [Fact]
    public async Task An_empty_batch_has_no_outcomes()
    {
        await using var under = await source.OpenAsync();
        (await under.Journal.AppendAsync([])).ShouldBeEmpty();
    }
}
