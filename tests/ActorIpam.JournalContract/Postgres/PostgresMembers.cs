using ActorIpam.EventSourcing;
using ActorIpam.Storage.Postgres;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Postgres;

/// <summary>The member table as PostgreSQL keeps it.</summary>
public sealed class PostgresMembers
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_beat_writes_one_row_and_sees_all_with_the_catalogs_head()
    {
        await using var under = await PostgresSource.NewAsync();
        await using var table = PostgresMemberTable.Open(under.ConnectionString, under.Options);
        var catalog = new StreamId("catalog");
        (await under.Journal.AppendAsync([Unit(Append(catalog, Head.None))]))[0].ShouldBeOfType<Outcome.Won>();
        var (first, second) = (await RowAsync(table, "m2"), await RowAsync(table, "m1"));
        second.Incarnation.ShouldBeGreaterThan(first.Incarnation);
        (await table.BeatAsync(first, Cancellation)).Rows.ShouldHaveSingleItem().ShouldBe(first, new IgnoringTime());

        var read = await table.BeatAsync(second, Cancellation);

        read.Rows.ShouldBe([second, first], new IgnoringTime());
        read.Catalog.ShouldBe((await under.Journal.HeadsAsync([catalog], Cancellation))[0]);
        (read.Clock - read.Rows[0].At).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Of_two_processes_with_one_name_the_older_finds_the_newer_and_cannot_write_over_it()
    {
        await using var under = await PostgresSource.NewAsync();
        await using var table = PostgresMemberTable.Open(under.ConnectionString, under.Options);
        var (older, newer) = (await RowAsync(table, "m1"), await RowAsync(table, "m1"));
        await table.BeatAsync(older, Cancellation);
        await table.BeatAsync(newer, Cancellation);

        (await table.BeatAsync(older, Cancellation)).Rows.ShouldHaveSingleItem().Incarnation.ShouldBe(newer.Incarnation);
        await table.RemoveAsync("m1", older.Incarnation, Cancellation);
        (await table.BeatAsync(newer, Cancellation)).Rows.ShouldHaveSingleItem().Incarnation.ShouldBe(newer.Incarnation);
        await table.RemoveAsync("m1", newer.Incarnation, Cancellation);
        (await under.RunAsync("select count(*) from member")).ShouldBe(0);
    }

    [Fact]
    public async Task Who_was_asked_to_leave_drains_until_a_new_process_comes()
    {
        await using var under = await PostgresSource.NewAsync();
        await using var table = PostgresMemberTable.Open(under.ConnectionString, under.Options);
        var row = await RowAsync(table, "m1");
        (await table.AskToLeaveAsync("m1", Cancellation)).ShouldBeFalse();
        await table.BeatAsync(row, Cancellation);
        (await table.AskToLeaveAsync("m1", Cancellation)).ShouldBeTrue();
        (await table.BeatAsync(row, Cancellation)).Rows.ShouldHaveSingleItem().IsDraining.ShouldBeTrue();
        (await table.BeatAsync(await RowAsync(table, "m1"), Cancellation)).Rows.ShouldHaveSingleItem().IsDraining.ShouldBeFalse();
    }

    [Fact]
    public async Task Twins_that_beat_at_the_same_time_agree_on_the_newer()
    {
        await using var under = await PostgresSource.NewAsync();
        await using var table = PostgresMemberTable.Open(under.ConnectionString, under.Options);
        for (var round = 0; round < 20; round++)
        {
            var (older, newer) = (await RowAsync(table, "m1"), await RowAsync(table, "m1"));
            await Task.WhenAll(table.BeatAsync(older, Cancellation).AsTask(), table.BeatAsync(newer, Cancellation).AsTask());
            (await table.BeatAsync(older, Cancellation)).Rows.ShouldHaveSingleItem().Incarnation.ShouldBe(newer.Incarnation);
        }
    }

    [Fact]
    public async Task A_dead_members_row_is_swept_out_after_a_day_by_who_joins()
    {
        await using var under = await PostgresSource.NewAsync();
        await using var table = PostgresMemberTable.Open(under.ConnectionString, under.Options);
        await table.BeatAsync(await RowAsync(table, "dead"), Cancellation);
        await table.BeatAsync(await RowAsync(table, "m1"), Cancellation);
        await under.RunAsync("update member set at = at - interval '25 hours' where id = 'dead'");
        await RowAsync(table, "m2");
        (await under.RunAsync("select count(*) from member where id = 'dead'")).ShouldBe(0);
    }

    private static async Task<MemberRow> RowAsync(PostgresMemberTable table, string name) =>
        new(name, await table.DrawIncarnationAsync(Cancellation), $"https://{name}:7081", 1, default, IsDraining: false);

    private sealed class IgnoringTime : IEqualityComparer<MemberRow>
    {
        public bool Equals(MemberRow? x, MemberRow? y) => x! with { At = default } == y! with { At = default };

        public int GetHashCode(MemberRow obj) => 0;
    }
}
