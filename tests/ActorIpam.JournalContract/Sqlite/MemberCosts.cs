using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.EventSourcing;
using ActorIpam.JournalContract.Programs;
using ActorIpam.Storage.Sqlite;
using Shouldly;
using Xunit;

namespace ActorIpam.JournalContract.Sqlite;

/// <summary>What a whole member reads and writes for a pool: what is used of it counts, not its size.</summary>
public sealed class MemberCosts
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Creating_a_pool_and_assigning_from_it_costs_as_many_rows_and_bytes_in_a_large_one_as_in_a_small_one()
    {
        var small = await CostOfAsync("10.0.0.0/24");
        var large = await CostOfAsync("10.0.0.0/8");
        var vast = await CostOfAsync("fd00::/48");

        Rows(large).ShouldBe(Rows(small));
        Rows(vast).ShouldBe(Rows(small));
        // Texts and keys of IPv6 are longer, not more: a few pages at the most.
        large.Bytes.ShouldBeInRange(small.Bytes - 4096, small.Bytes + 4096);
        vast.Bytes.ShouldBeInRange(small.Bytes - 4096, small.Bytes + (6 * 4096));
    }

    private static (long Statements, long Read, long Changed) Rows(SqliteStatistics cost) => (cost.Statements, cost.RowsRead, cost.RowsChanged);

    private static async Task<SqliteStatistics> CostOfAsync(string cidr)
    {
        using var folder = new ScratchFolder();
        await using var journal = await folder.OpenAsync();
        await using var member = Member.Start(new(journal, journal, TimeProvider.System, new Luck()), new() { Name = "alone" });
        var before = await journal.StatisticsAsync(Cancellation);

        (await member.Door.CreateAsync(new Node(new("node-a"), new()), dryRun: false, Cancellation)).IsRefused.ShouldBeFalse();
        (await member.Door.CreateAsync(new IpPool(new("pool"), new() { Cidr = cidr }), dryRun: false, Cancellation)).IsRefused.ShouldBeFalse();
        for (var i = 0; i < 10; i++)
        {
            var isV6 = cidr.Contains(':', StringComparison.Ordinal);
            var answer = await member.Door.AssignAsync(new() { Host = "node-a", Handle = $"web-{i}", Ipv4 = isV6 ? 0 : 1, Ipv6 = isV6 ? 1 : 0 }, Cancellation);
            answer.Value.Ipv4.Concat(answer.Value.Ipv6).ShouldHaveSingleItem();
        }

        var after = await journal.StatisticsAsync(Cancellation);
        return new(
            after.Statements - before.Statements, after.RowsRead - before.RowsRead, after.RowsChanged - before.RowsChanged, after.Steps - before.Steps, after.Bytes - before.Bytes);
    }

    /// <summary>Chance of the same lengths every time.</summary>
    private sealed class Luck : IChance
    {
        private readonly Dice _dice = new(7);

        public Guid NewId() => _dice.Commit().Value;

        public int Next(int limit) => _dice.Below(limit);
    }
}
