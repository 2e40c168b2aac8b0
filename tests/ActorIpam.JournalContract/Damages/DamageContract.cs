using ActorIpam.Domain.Requests;
using Shouldly;
using Xunit;

namespace ActorIpam.JournalContract.Damages;

/// <summary>What is stored is spoiled behind the member's back, one way at a time: the check finds it and names it, and a repair mends what is a view's, and nothing else.</summary>
public abstract class DamageContract
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Whole => [.. AllDamages.All.Select(static damage => damage.Name)];

    public static TheoryData<string> Cut => [.. AllDamages.All.Where(static damage => damage.IsAlsoOfCutStreams).Select(static damage => damage.Name)];

    /// <summary>An empty journal, and a way to run statements behind its back.</summary>
    internal abstract Task<(IJournalUnderTest Under, Func<string, Task> Run, bool IsSqlite)> OpenAsync();

    [Theory]
    [MemberData(nameof(Whole))]
    public Task Is_found_and_mended_where_a_stream_tells_what_is_right(string damage) => PlayAsync(damage, isCut: false);

    [Theory]
    [MemberData(nameof(Cut))]
    public Task Is_found_and_mended_from_snapshots_where_the_first_rows_are_cut(string damage) => PlayAsync(damage, isCut: true);

    private async Task PlayAsync(string name, bool isCut)
    {
        var damage = AllDamages.All.Single(one => one.Name == name);
        var (under, run, isSqlite) = await OpenAsync();
        await using var owned = under;
        await using var world = await DamagedWorld.OfAsync(under, isSqlite, isCut);
        var door = world.World.Door;
        (await door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();
        var attributes = (await under.Views.AddressAsync(world.Dressed, Cancellation))!.Attributes;

        await run(world.Spelled(damage.Sql));

        var found = await door.CheckAsync(Cancellation);
        found.Problems.Select(static problem => problem.Kind).ShouldContain(damage.Kind, string.Join('\n', found.Problems));
        var repair = await door.RepairAsync(tell: null, Cancellation);
        if (!damage.IsMended)
        {
            repair.After.Problems.Select(static problem => problem.Kind).ShouldContain(damage.Kind, string.Join('\n', repair.After.Problems));
            CheckRemedies.Of(damage.Kind).ShouldNotBeNull();
            (await under.Views.AddressAsync(world.Dressed, Cancellation)).ShouldNotBeNull("nobody loses an address to a repair");
            return;
        }

        repair.Repaired.ShouldNotBeEmpty();
        repair.After.Problems.ShouldBeEmpty(string.Join('\n', repair.Repaired));
        (await door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();
        if (damage.Kind is CheckKind.AddressDiffers or CheckKind.BlockDiffers or CheckKind.HistoryDiffers or CheckKind.SnapshotBad)
        {
            (await under.Views.AddressAsync(world.Dressed, Cancellation))!.Attributes.ShouldBe(attributes, "what only rows know is kept");
        }

        // What was repaired is of use.
        foreach (var handle in (string[])["plain", "dressed", "one"])
        {
            Members.SomeMembers.Must(await door.ReleaseHandleAsync(new() { Handle = handle }, Cancellation)).Released.Length.ShouldBe(1, handle);
        }

        Members.SomeMembers.Must(await door.AssignAsync(new() { Host = "a", Handle = "more", Ipv4 = 6 }, Cancellation)).Ipv4.Length.ShouldBe(6);
        (await door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();
    }
}

public sealed class SqliteDamage : DamageContract
{
    internal override async Task<(IJournalUnderTest, Func<string, Task>, bool)> OpenAsync()
    {
        var folder = new Sqlite.ScratchFolder();
        var under = new Sqlite.OpenFile(folder, await folder.OpenAsync());
        return (under, sql => Task.Run(() => under.Run(sql)), true);
    }
}

public sealed class PostgresDamage : DamageContract
{
    internal override async Task<(IJournalUnderTest, Func<string, Task>, bool)> OpenAsync()
    {
        var under = await Postgres.PostgresSource.NewAsync();
        return (under, under.RunAsync, false);
    }
}
