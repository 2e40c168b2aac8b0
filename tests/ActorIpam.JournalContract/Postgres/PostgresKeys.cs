using System.Collections.Immutable;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Postgres;

/// <summary>Statements over lists find their rows by keys, also when their plan was made, and is kept, from when statistics called the tables empty.</summary>
/// <remarks>Counted are the entries that were read from indexes: a table that is walked through for every row of a list is read by the thousand.</remarks>
public sealed class PostgresKeys
{
    private const int Blocks = 60, Each = 25;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>With a stranger among them that loses, the units of a batch are judged one by one.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Releases_and_what_goes_with_them_read_no_more_than_they_name(bool oneByOne)
    {
        await using var under = await PostgresSource.NewAsync(appendConnections: 1);
        await PlanAsync(under, oneByOne);

        Unit[] given = [.. Enumerable.Range(0, Blocks).Select(Give)];
        (await under.Journal.AppendAsync([.. given])).ShouldAllBe(static outcome => outcome is Outcome.Won);
        var before = await ReadAsync(under);
        var takenBack = await AppendAsync(under, [.. Enumerable.Range(1, 12).Select(index => TakeBack(given[index], index, 4))], oneByOne);
        var read = await ReadAsync(under) - before;

        takenBack.ShouldAllBe(static outcome => outcome is Outcome.Won);
        (await under.RunAsync("select count(*) from address")).ShouldBe((Blocks * Each) - (12 * 4));
        // 12 units name 4 addresses, 2 streams, a block, its history, a handle and a request each, and some of them more than once.
        read.ShouldBeInRange(12 * 6, 12 * 40);
    }

    /// <summary>A batch that is judged unit by unit holds a place for each of its requests. Those of earlier batches are gone, but stand in the indexes until the next vacuum.</summary>
    [Fact]
    public async Task Places_of_requests_are_given_back_by_their_own_keys()
    {
        await using var under = await PostgresSource.NewAsync(appendConnections: 1);
        await under.RunAsync("alter table request set (autovacuum_enabled = off)");
        for (var index = 0; index < 3 * Blocks; index++)
        {
            (await AppendAsync(under, [Ask($"earlier-{index}")], oneByOne: true)).ShouldAllBe(static outcome => outcome is Outcome.Won);
        }

        var before = await ReadAsync(under);
        (await AppendAsync(under, [Ask("now")], oneByOne: true)).ShouldAllBe(static outcome => outcome is Outcome.Won);
        var read = await ReadAsync(under) - before;

        read.ShouldBeLessThan(Blocks);
    }

    [Fact]
    public async Task Look_ups_read_no_more_than_they_name()
    {
        await using var under = await PostgresSource.NewAsync(appendConnections: 1);
        await PlanAsync(under, oneByOne: false);
        (await under.Journal.AppendAsync([.. Enumerable.Range(0, Blocks).Select(Give)])).ShouldAllBe(static outcome => outcome is Outcome.Won);
        var before = await ReadAsync(under);

        await LookUpAsync(under, static index => (Handle(index), Request(index)));
        var read = await ReadAsync(under) - before;

        read.ShouldBeInRange(5 * Each, 10 * Each);
    }

    /// <summary>Every statement is planned, for tables that were analyzed when nothing was in them.</summary>
    private static async Task PlanAsync(PostgresUnderTest under, bool oneByOne)
    {
        string[] tables = ["stream", "journal", "address", "block", "block_history", "request", "handle"];
        foreach (var table in tables)
        {
            // Nobody analyzes them behind the back of the test.
            await under.RunAsync($"alter table {table} set (autovacuum_enabled = off)");
        }

        await under.RunAsync($"vacuum analyze {string.Join(", ", tables)}");
        for (var index = Blocks; index < Blocks + 8; index++)
        {
            var given = Give(index);
            (await AppendAsync(under, [given], oneByOne)).ShouldAllBe(static outcome => outcome is Outcome.Won);
            (await AppendAsync(under, [TakeBack(given, index, Each)], oneByOne)).ShouldAllBe(static outcome => outcome is Outcome.Won);
            await LookUpAsync(under, static _ => ("nobody", "nothing"));
        }
    }

    private static async Task LookUpAsync(PostgresUnderTest under, Func<int, (string Handle, string Request)> asked)
    {
        for (var index = 0; index < 5; index++)
        {
            var (handle, request) = asked(index);
            await under.Views.AddressesOfHandleAsync(handle, Cancellation);
            await under.Views.RequestAsync(request, Cancellation);
        }
    }

    private static async Task<ImmutableArray<Outcome>> AppendAsync(PostgresUnderTest under, ImmutableArray<Unit> units, bool oneByOne)
    {
        if (!oneByOne)
        {
            return await under.Journal.AppendAsync(units);
        }

        var loses = Unit(Append(new("pool/stranger"), new Head(7, NewCommit())));
        var outcomes = await under.Journal.AppendAsync(units.Add(loses));
        outcomes[^1].ShouldBeOfType<Outcome.Lost>();
        return outcomes[..^1];
    }

    private static string Handle(int block) => $"pod-{block}";

    private static string Request(int block) => $"request-{block}";

    private static StreamId Stream(int block) => new($"block/10.1.{block}.0/24");

    private static Unit Ask(string request) => Guarded(new IpamGuard.NewRequest(request, "d", At(1), null, []));

    /// <summary>A block begins and is given out to one handle.</summary>
    private static Unit Give(int block) => Unit(Append(Stream(block), Head.None)) with
    {
        Guards = [new IpamGuard.HandleOpen(Handle(block), At(1), []), new IpamGuard.NewRequest(Request(block), "d", At(1), Handle(block), [])],
        Views =
        [
            .. Enumerable.Range(1, Each).Select(address => Held($"10.1.{block}.{address}", address, Handle(block))),
            Stands($"10.1.{block}.0/24", A, 256 - Each),
            new IpamViewChange.BlockPassed(Cidr(block), At(1), "", new(Cidr(block), 1, "web", A, At(1), null, "claimed", null)),
        ],
    };

    /// <summary>Some of it is freed; the block loses its owner, and the handle is closed.</summary>
    private static Unit TakeBack(Unit given, int block, int addresses) => Unit(Append(Stream(block), Head.None.Next(given.Commit))) with
    {
        Guards = [new IpamGuard.HandleClose(Handle(block), At(2))],
        Views =
        [
            .. Enumerable.Range(1, addresses).Select(address => Freed($"10.1.{block}.{address}", address)),
            Stands($"10.1.{block}.0/24", null, 256 - Each + addresses),
            new IpamViewChange.BlockPassed(Cidr(block), At(3), "lost", new(Cidr(block), 2, "web", null, At(3), null, "lost", null)),
            new IpamViewChange.RequestForgotten(Request(block), At(0)),
        ],
    };

    private static Domain.Addressing.Cidr Cidr(int block) => Domain.Addressing.Cidr.Parse($"10.1.{block}.0/24");

    /// <summary>How many entries of indexes were read by now. Sessions tell it with a statement that comes a second after the last time they told.</summary>
    private static async Task<long> ReadAsync(PostgresUnderTest under)
    {
        for (var nudge = 0; nudge < 5; nudge++)
        {
            await Task.Delay(300, Cancellation);
            await under.WinAsync(Guarded(new IpamGuard.HandleOpen("nobody", At(1), [])));
            await LookUpAsync(under, static _ => ("nobody", "nothing"));
        }

        return await under.RunAsync($"select sum(idx_tup_read)::bigint from pg_stat_user_indexes where schemaname = '{under.Options.Schema}'");
    }
}
