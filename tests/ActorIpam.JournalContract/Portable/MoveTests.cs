using ActorIpam.EventSourcing;
using ActorIpam.Storage;
using ActorIpam.Storage.Portable;
using ActorIpam.Storage.Postgres;
using ActorIpam.Storage.Sqlite;
using Shouldly;
using Xunit;

namespace ActorIpam.JournalContract.Portable;

/// <summary>A journal moves to either kind of storage, and what is left behind cannot be used by mistake.</summary>
public sealed class MoveTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [CombinatorialKinds]
    public async Task A_moved_journal_is_the_same_row_by_row_and_goes_on(StorageKind from, StorageKind into)
    {
        await using var origin = await Place.NewAsync(from);
        await using var target = await Place.NewAsync(into);
        await FillAsync(origin);
        var rows = await origin.RowsAsync(Cancellation);

        (await MoveAsync(origin, target)).ShouldBe(rows.Count);
        (await target.RowsAsync(Cancellation)).ShouldBe(rows);
        await FillAsync(target);
        (await target.RowsAsync(Cancellation)).Count.ShouldBeGreaterThan(rows.Count, "members go on with it at once");
        (await origin.RowsAsync(Cancellation)).ShouldBe(rows, "what is left behind is as it was");
    }

    [Theory]
    [InlineData(StorageKind.Sqlite)]
    [InlineData(StorageKind.Postgres)]
    public async Task No_member_starts_on_what_was_left_behind(StorageKind kind)
    {
        await using var origin = await Place.NewAsync(kind);
        await using var target = await Place.NewAsync(StorageKind.Sqlite);
        await using var another = await Place.NewAsync(StorageKind.Sqlite);
        await FillAsync(origin);
        await MoveAsync(origin, target);

        var refused = await Should.ThrowAsync<Exception>(origin.OpenAsync);
        refused.ShouldBeOfType(kind == StorageKind.Sqlite ? typeof(StorageUnreadableException) : typeof(PostgresStartException));
        refused.Message.ShouldContain($"was moved to {target.Journal.Label}");
        (await Should.ThrowAsync<CareException>(() => MoveAsync(origin, another))).Message.ShouldContain("already");
    }

    [Fact]
    public async Task A_member_that_slept_through_the_move_writes_nothing_any_more()
    {
        await using var origin = await Place.NewAsync(StorageKind.Postgres);
        await using var target = await Place.NewAsync(StorageKind.Sqlite);
        await FillAsync(origin);
        await using var asleep = await origin.OpenAsync();
        await MoveAsync(origin, target);

        var unit = new Unit(new(Guid.NewGuid())) { At = TimeProvider.System.GetUtcNow(), Member = "asleep", Raises = [new("policy")] };
        (await asleep.Journal.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.Failed>();
    }

    [Theory]
    [InlineData(StorageKind.Sqlite)]
    [InlineData(StorageKind.Postgres)]
    public async Task A_journal_that_a_member_uses_is_not_moved(StorageKind kind)
    {
        await using var origin = await Place.NewAsync(kind);
        await using var target = await Place.NewAsync(StorageKind.Sqlite);
        await using var busy = await BusyMember.StartAsync(origin, Cancellation);
        await origin.RunAsync("insert into member (id, incarnation, address, schema, at, draining) values ('m7', 1, 'http://m7', 1, now(), false)");

        (await Should.ThrowAsync<CareException>(() => MoveAsync(origin, target))).Message.ShouldContain(kind == StorageKind.Sqlite ? "A member uses" : "m7");
        await busy.WorksAsync(10, Cancellation);
    }

    [Fact]
    public async Task Killed_between_leaving_and_arriving_the_same_move_can_be_done_again_and_no_other()
    {
        await using var origin = await Place.NewAsync(StorageKind.Sqlite);
        await using var target = await Place.NewAsync(StorageKind.Sqlite);
        await FillAsync(origin);
        await using (var left = SqliteOrigin.OpenAlone(((JournalPlace.Sqlite)origin.Journal).File, TimeProvider.System))
        {
            await left.LeaveAsync(target.Journal.Label, Cancellation);
        }

        await MoveAsync(origin, target);
        await using var arrived = await target.OpenAsync();
    }

    [Theory]
    [InlineData(StorageKind.Sqlite)]
    [InlineData(StorageKind.Postgres)]
    public async Task A_journal_is_not_moved_over_another(StorageKind kind)
    {
        await using var origin = await Place.NewAsync(StorageKind.Sqlite);
        await using var target = await Place.NewAsync(kind);
        await FillAsync(origin);
        await FillAsync(target);

        (await Should.ThrowAsync<CareException>(() => MoveAsync(origin, target))).Message.ShouldContain("not empty");
        await using var still = await origin.OpenAsync();
    }

    [Theory]
    [InlineData("memory:")]
    [InlineData("sqlite:")]
    [InlineData("data/ipam.db")]
    [InlineData("postgres:Nonsense=1")]
    public void A_place_that_is_none_is_refused(string text) => Should.Throw<CareException>(() => JournalPlace.Parse(text));

    [Fact]
    public void A_password_is_not_told() => JournalPlace.Parse("postgres:Host=db;Username=u;Password=secret;Database=d").Label.ShouldBe("postgres:Host=db;Port=5432;Database=d");

    private static Task<long> MoveAsync(Place from, Place to) => new JournalMove(TimeProvider.System, null).RunAsync(from.Journal, to.Journal, Cancellation);

    private static async Task FillAsync(Place place)
    {
        await using var busy = await BusyMember.StartAsync(place, Cancellation);
        await busy.WorksAsync(60, Cancellation);
    }
}
