using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Contracts;

/// <summary>What a reader of a stream is told.</summary>
public abstract class TailContract(IJournalSource source)
{
    [Fact]
    public async Task A_tail_holds_what_each_unit_recorded_behind_the_readers_head()
    {
        await using var under = await source.OpenAsync();
        var first = Unit(Append(Block, Head.None, """[{"type":"opened","note":"größe ✓"}]"""));
        await under.WinAsync(first);
        var second = Unit(Append(Block, new(1, first.Commit), "[]") with { Schema = 7 }) with { At = At(3.000_001), Member = "m2" };
        await under.WinAsync(second);

        var whole = await under.Journal.ReadAsync(Block, Head.None, TestContext.Current.CancellationToken);
        var rest = await under.Journal.ReadAsync(Block, new(1, first.Commit), TestContext.Current.CancellationToken);

        whole.Head.ShouldBe(new(2, second.Commit));
        whole.Continues.ShouldBeTrue();
        JournalRow[] rows = [new(1, first.Commit, At(0), "m1", 1, """[{"type":"opened","note":"größe ✓"}]"""), new(2, second.Commit, At(3.000_001), "m2", 7, "[]")];
        whole.Rows.ShouldBe(rows);
        rest.Rows.ShouldBe(rows[1..]);
        rest.Continues.ShouldBeTrue();
    }

    [Fact]
    public async Task A_reader_at_the_head_gets_an_empty_tail_also_of_a_stream_without_events()
    {
        await using var under = await source.OpenAsync();
        var policy = Head.None.Next(await under.WinAsync(Unit() with { Raises = [Policy] }));

        foreach (var (stream, head) in new[] { (Policy, policy), (Block, Head.None), (Pool, await under.MoveAsync(Pool, Head.None)) })
        {
            var tail = await under.Journal.ReadAsync(stream, head, TestContext.Current.CancellationToken);
            (tail.Head, tail.Continues, tail.Rows.Length).ShouldBe((head, true, 0));
        }
    }

    [Fact]
    public async Task A_reader_whose_head_is_no_part_of_the_history_is_told_to_forget()
    {
        await using var under = await source.OpenAsync();
        var first = await under.MoveAsync(Block, Head.None);
        var second = await under.MoveAsync(Block, first);
        Head[] foreign = [first with { Commit = NewCommit() }, second with { Commit = NewCommit() }, new(3, NewCommit()), new(0, NewCommit())];

        foreach (var head in foreign)
        {
            var tail = await under.Journal.ReadAsync(Block, head, TestContext.Current.CancellationToken);
            (tail.Head, tail.Continues, tail.Rows.Length).ShouldBe((second, false, 0));
        }
    }
}
