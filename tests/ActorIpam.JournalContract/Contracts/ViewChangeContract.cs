using System.Collections.Immutable;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.Domain.Views.IpamViewChange;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Contracts;

/// <summary>View changes are written with their unit and must fit what is stored (INV-1, INV-2, INV-7).</summary>
public abstract class ViewChangeContract(IJournalSource source)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_held_address_is_found_with_everything_it_was_given()
    {
        await using var under = await source.OpenAsync();
        var attributes = ImmutableSortedDictionary<string, string>.Empty.Add("pod", "wéb-1").Add("namespace", "a\"b\\c\n");
        var row = Row("10.0.0.3", 9, "web", B) with { Attributes = attributes, Issued = At(1.000_001), Since = At(2.000_002) };

        await under.WinAsync(Showing(new AddressHeld(row)));

        var found = (await under.Views.AddressAsync(row.Ip, Cancellation)).ShouldNotBeNull();
        found.Attributes.ShouldBe(attributes);
        (found with { Attributes = attributes }).ShouldBe(row);
    }

    [Fact]
    public async Task A_freed_address_moves_to_the_history_oldest_first()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Showing(Held("10.0.0.3", 1, "web")));
        await under.WinAsync(Showing(Freed("10.0.0.3", 1, at: 100)));
        await under.WinAsync(Showing(Held("10.0.0.3", 5, "db", B)));
        await under.WinAsync(Showing(Freed("10.0.0.3", 5, at: 200)));

        var past = await under.Views.HistoryAsync(Ip("10.0.0.3"), Cancellation);

        past.Select(row => (row.Held.Generation, row.Held.Handle, row.Held.Holder, row.Held.Block, row.Held.Since, row.Pool, row.ReleasedAt, row.Why)).ShouldBe(
        [
            (1, "web", A, Web, At(1), "web", At(100), "released"),
            (5, "db", B, Web, At(5), "web", At(200), "released"),
        ]);
        (await under.Views.AddressAsync(Ip("10.0.0.3"), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_change_that_does_not_fit_fails_its_unit_whole_and_spares_the_others()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Showing(Held("10.0.0.1", 3)));
        ViewChange[] misfits = [Held("10.0.0.1", 4), Freed("10.0.0.1", 2), Freed("10.0.0.7", 3), new BlockGone(Web)];

        foreach (var misfit in misfits)
        {
            var flawed = Unit(Append(Block, Head.None)) with
            {
                Raises = [HostA],
                Guards = [GuardContract.Request("r1"), new IpamGuard.HandleClose("web", At(5))],
                Views = [Held("10.0.0.2"), Stands("10.0.0.32/28"), misfit],
            };
            var spared = Showing(Stands("10.0.0.16/28"));
            var outcomes = await under.Journal.AppendAsync([flawed, spared]);

            outcomes[0].ShouldBeOfType<Outcome.Failed>().Fault.ShouldBe(JournalFault.BrokenInvariant);
            outcomes[1].ShouldBeOfType<Outcome.Won>();
        }

        (await under.Journal.HeadsAsync([Block, HostA], Cancellation)).ShouldBe([Head.None, Head.None]);
        (await under.Journal.ReadAsync(Block, Head.None, Cancellation)).Rows.ShouldBeEmpty();
        (await under.Views.FindAddressesAsync(new(), Cancellation)).Items.Select(row => row.Ip).ShouldBe([Ip("10.0.0.1")]);
        (await under.Views.BlocksInAsync(null, 10, null, Cancellation)).Select(row => row.Block.ToString()).ShouldBe(["10.0.0.16/28"]);
        (await under.Views.RequestAsync("r1", Cancellation)).ShouldBeNull();
        (await under.Views.HandleClosedThroughAsync("web", Cancellation)).ShouldBeNull();
        (await under.Views.HistoryAsync(Ip("10.0.0.1"), Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_block_stands_with_the_latest_figures_until_it_is_gone()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Showing(Stands("10.0.0.0/28", A, free: 16)));
        var latest = BlockOf("10.0.0.0/28", B, free: 3, cooling: 2) with { Version = 12, HostReserved = 1, Assigned = 10, Borrowed = 4 };
        await under.WinAsync(Showing(new BlockStands(latest)));

        (await under.Views.BlockAsync(Web, Cancellation)).ShouldBe(latest);

        await under.WinAsync(Showing(new BlockGone(Web)));
        (await under.Views.BlockAsync(Web, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Resources_are_listed_by_kind_in_the_order_of_their_names()
    {
        await using var under = await source.OpenAsync();
        ResourceRow Node(string name, string body) => new("Node", name, "uid-" + name, 3, body);
        await under.WinAsync(Showing(new ResourceStored(Node("b", "{}")), new ResourceStored(Node("B", "{}")), new ResourceStored(new("IPPool", "a", "u", 1, "{}"))));
        await under.WinAsync(Showing(new ResourceStored(Node("a", "{}")), new ResourceStored(Node("b", """{"spec":{}}"""))));
        await under.WinAsync(Showing(new ResourceGone("Node", "B"), new ResourceGone("Node", "never")));

        (await under.Views.ResourcesAsync("Node", Cancellation)).ShouldBe([Node("a", "{}"), Node("b", """{"spec":{}}""")]);
    }
}
