using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using Shouldly;
using static ActorIpam.EngineSpecs.World;

namespace ActorIpam.EngineSpecs;

/// <summary>Why an address was given, why a request was refused, and what a dry run says.</summary>
public sealed class ExplainSpecs
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_grant_tells_the_pool_its_selector_and_the_counts_of_that_moment()
    {
        await using var world = await WithAsync(Node("a", "east"), Pool("web", "10.0.0.0/28", 29, "zone == 'east'"));
        var first = Must(await world.Member.Door.AssignAsync(new() { Host = "a", Handle = "web", Ipv4 = 1 }, Cancellation)).Ipv4[0];
        var second = Must(await world.Member.Door.AssignAsync(new() { Host = "a", Handle = "db", Ipv4 = 1 }, Cancellation)).Ipv4[0];

        var claimed = await ReasonAsync(world, first.Address);
        (claimed.Why, claimed.Pool, claimed.Selector, claimed.Blocks, claimed.Free, claimed.Catalog).ShouldBe(("claimed", "web", "zone == \"east\"", 0, 8, 2L));
        var own = await ReasonAsync(world, second.Address);
        (own.Why, own.Blocks, own.Free, own.From).ShouldBe(("own", 1, 7, null));
        own.Message.ShouldBe("a was given it from block 10.0.0.8/29 of pool web, whose nodeSelector zone == \"east\" matched: the host's own block (1 own block then); 7 addresses of it were free.");
    }

    [Fact]
    public async Task A_borrowed_address_tells_whose_the_block_is()
    {
        await using var world = await WithAsync(Node("a"), Node("b"), Pool("web", "10.0.0.0/29", 29));
        Must(await world.Member.Door.AssignAsync(new() { Host = "a", Handle = "web", Ipv4 = 1 }, Cancellation));
        var borrowed = Must(await world.Member.Door.AssignAsync(new() { Host = "b", Handle = "db", Ipv4 = 1 }, Cancellation)).Ipv4[0];
        var reason = await ReasonAsync(world, borrowed.Address);
        (reason.Why, reason.From, reason.Blocks).ShouldBe(("borrowed", "a", 0));
    }

    [Fact]
    public async Task A_reclaimed_block_tells_who_had_it()
    {
        await using var world = await WithAsync(Node("a"), Node("b"), Pool("web", "10.0.0.0/29", 29));
        Must(await world.Member.Door.ClaimAffinityAsync(new() { Host = "a", Cidr = "10.0.0.0/29" }, Cancellation));
        world.Clock.PutForward(TimeSpan.FromMinutes(2));
        var taken = Must(await world.Member.Door.AssignAsync(new() { Host = "b", Handle = "db", Ipv4 = 1 }, Cancellation)).Ipv4[0];
        var reason = await ReasonAsync(world, taken.Address);
        (reason.Why, reason.From).ShouldBe(("reclaimed", "a"));
    }

    [Fact]
    public async Task The_history_keeps_why_an_address_was_given_after_its_release()
    {
        await using var world = await WithAsync(Node("a"), Pool("web", "10.0.0.0/28", 29));
        var given = Must(await world.Member.Door.AssignAsync(new() { Host = "a", Handle = "web", Ipv4 = 1 }, Cancellation)).Ipv4[0];
        Must(await world.Member.Door.ReleaseHandleAsync(new() { Handle = "web" }, Cancellation));
        Must(await world.Member.Door.HistoryAsync(given.Address, Cancellation)).ShouldHaveSingleItem().Reason!.Why.ShouldBe("claimed");
    }

    [Fact]
    public async Task The_selector_of_then_is_told_after_the_pool_was_changed()
    {
        await using var world = await WithAsync(Node("a", "east"), Pool("web", "10.0.0.0/28", 29, "zone == 'east'"));
        var given = Must(await world.Member.Door.AssignAsync(new() { Host = "a", Handle = "web", Ipv4 = 1 }, Cancellation)).Ipv4[0];
        Must(await world.Member.Door.UpdateAsync(Pool("web", "10.0.0.0/28", 29, "all()"), dryRun: false, Cancellation));
        var told = Must(await world.Member.Door.Explaining.ExplainAsync(new() { Ip = given.Address }, Cancellation));
        told.Grants.ShouldHaveSingleItem().Reason!.Selector.ShouldBe("zone == \"east\"");
    }

    [Fact]
    public async Task A_refusal_names_every_pool_and_why_it_does_not_serve()
    {
        await using var world = await WithAsync(
            Node("a", "west"), Pool("selected", "10.0.0.0/28", 29, "zone == 'east'"),
            new IpPool(new("off"), new() { Cidr = "10.1.0.0/28", BlockSize = 29, Disabled = true }),
            new IpPool(new("manual"), new() { Cidr = "10.2.0.0/28", BlockSize = 29, AssignmentMode = "Manual" }));
        var refused = await world.Member.Door.AssignAsync(new() { Host = "a", Handle = "web", Ipv4 = 1, RequestId = "r-1" }, Cancellation);
        refused.Refusals[0].Code.ShouldBe(RefusalCode.NoPoolSelectsNode);
        var text = string.Join('\n', refused.Refusals[0].Details);
        text.ShouldContain("its nodeSelector zone == \"east\" does not match node a (zone=west)");
        text.ShouldContain("pool off (10.1.0.0/28): it is disabled");
        text.ShouldContain("pool manual (10.2.0.0/28): its assignmentMode is Manual");

        var remembered = Must(await world.Member.Door.Explaining.ExplainAsync(new() { Request = "r-1" }, Cancellation)).Decisions.ShouldHaveSingleItem();
        (remembered.Outcome, remembered.Handle).ShouldBe((nameof(RefusalCode.NoPoolSelectsNode), "web"));
        remembered.Details.ShouldBe(refused.Refusals[0].Details);
    }

    [Fact]
    public async Task A_shortage_counts_the_blocks_and_says_when_the_first_address_is_free_again()
    {
        await using var world = await WithAsync(
            Node("a"), Pool("web", "10.0.0.0/27", 29), new IpReservation(new("kept"), ["10.0.0.24/29"]), new IpamConfiguration(new("default"), new() { IpCooldownSeconds = 600 }));
        Must(await world.Member.Door.AssignAsync(new() { Host = "a", Handle = "web", Ipv4 = 24 }, Cancellation));
        Must(await world.Member.Door.ReleaseAsync(new() { Addresses = [new("10.0.0.1")] }, Cancellation));

        var answer = Must(await world.Member.Door.AssignAsync(new() { Host = "a", Handle = "more", Ipv4 = 1 }, Cancellation));
        answer.Messages.ShouldHaveSingleItem().Message.ShouldContain("2 full, 1 cooling (first free at ");
        answer.Explanation!.Families.ShouldHaveSingleItem().Pools.ShouldHaveSingleItem().Blocks!.ShouldContain("3 of them are the host's own");
    }

    [Fact]
    public async Task A_dry_run_says_what_the_request_then_gets_and_writes_nothing()
    {
        await using var world = await WithAsync(Node("a"), Node("b"), Pool("web", "10.0.0.0/28", 29));
        var before = world.Journal.Snapshot();
        var request = new AssignRequest { Host = "a", Handle = "web", Ipv4 = 10 };
        var foreseen = Must(await world.Member.Door.AssignAsync(request, new(Explain: true, DryRun: true), Cancellation));
        var after = world.Journal.Snapshot();
        (after.Addresses.Count, after.Blocks.Count, after.Requests.Count).ShouldBe((before.Addresses.Count, before.Blocks.Count, before.Requests.Count));
        after.Rows.ShouldBe(before.Rows);
        foreseen.Explanation!.Families[0].Steps.ShouldBe(
        [
            "8 from block 10.0.0.8/29: a block nobody had, claimed for it (0 own blocks then); 8 addresses of it were free",
            "2 from block 10.0.0.0/29: a block nobody had, claimed for it (1 own block then, all full); 8 addresses of it were free",
        ]);

        var given = Must(await world.Member.Door.AssignAsync(request, Cancellation));
        given.Ipv4.Select(static address => address.Address).ShouldBe(foreseen.Ipv4.Select(static address => address.Address));
    }

    [Fact]
    public async Task A_dry_run_of_a_request_that_was_granted_says_so()
    {
        await using var world = await WithAsync(Node("a"), Pool("web", "10.0.0.0/28", 29));
        var request = new AssignRequest { Host = "a", Handle = "web", Ipv4 = 1, RequestId = "once" };
        var given = Must(await world.Member.Door.AssignAsync(request, Cancellation));
        Must(await world.Member.Door.AssignAsync(request, new(Explain: true, DryRun: true), Cancellation)).Ipv4[0].Generation.ShouldBe(given.Ipv4[0].Generation);
    }

    [Fact]
    public async Task What_was_refused_long_ago_is_said_not_to_be_remembered()
    {
        await using var world = WithMemory(0);
        await world.CreateAsync(Node("a"));
        (await world.Member.Door.AssignAsync(new() { Host = "a", Handle = "web", Ipv4 = 1, RequestId = "r" }, Cancellation)).IsRefused.ShouldBeTrue();
        var told = Must(await world.Member.Door.Explaining.ExplainAsync(new() { Request = "r" }, Cancellation));
        told.Decisions.ShouldBeEmpty();
        told.Notes.ShouldContain(static note => note.Contains("does not remember it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_memory_of_decisions_keeps_its_bound_and_the_newest()
    {
        await using var world = WithMemory(20_000);
        await world.CreateAsync(Node("a"));
        for (var at = 0; at < 200; at++)
        {
            await world.Member.Door.AssignAsync(new() { Host = "a", Handle = "web", Ipv4 = 1, RequestId = $"r-{at}" }, Cancellation);
        }

        var kept = Must(await world.Member.Door.Explaining.ExplainAsync(new() { Handle = "web" }, Cancellation)).Decisions;
        kept[0].Request.ShouldBe("r-199");
        kept.Length.ShouldBeInRange(10, 49);
    }

    /// <summary>What explains and what chooses are told apart nowhere: pools, selectors, uses and modes in every mixture.</summary>
    [Fact]
    public async Task The_pools_that_are_said_to_serve_are_those_that_do()
    {
        var dice = new Random(4711);
        for (var world = 0; world < 150; world++)
        {
            await using var one = await WithAsync(Node("a", dice.Next(2) == 0 ? "east" : "west"));
            var names = Enumerable.Range(0, 4).Select(static at => $"p{at}").ToArray();
            await one.CreateAsync([.. names.Select((name, at) => Dealt(dice, name, at))]);
            var request = new AssignRequest
            {
                Host = "a", Handle = "web", Ipv4 = 40, Use = dice.Next(4) == 0 ? "Tunnel" : "Workload",
                Ipv4Pools = dice.Next(2) == 0 ? [] : [names[dice.Next(4)], names[dice.Next(4)]],
            };
            var answer = await one.Member.Door.AssignAsync(request, new(Explain: true, DryRun: true), Cancellation);
            if (answer.IsRefused)
            {
                // A name of a pool that is not to be had ends the request, whatever the others could do.
                var told = answer.Refusals[0].Details;
                (answer.Refusals[0].Code == RefusalCode.PoolNotFoundOrDisabled || !told.Any(Serves)).ShouldBeTrue($"world {world}: {string.Join('\n', told)}");
                continue;
            }

            var serving = answer.Value.Explanation!.Families[0].Pools.Where(static pool => pool.Verdict == PoolService.Serves).Select(static pool => pool.Pool).ToList();
            answer.Value.Ipv4.Length.ShouldBe(Math.Min(40, 16 * serving.Count), $"world {world}");
            answer.Value.Ipv4.Select(static address => address.Pool!).Distinct().ShouldBe(serving.Take((answer.Value.Ipv4.Length + 15) / 16), $"world {world}");
        }
    }

    private static bool Serves(string line) =>
        line.Contains("): the request names it", StringComparison.Ordinal) || line.Contains(" matches node ", StringComparison.Ordinal);

    private static IpPool Dealt(Random dice, string name, int at) => new(new(name), new()
    {
        Cidr = $"10.{at}.0.0/28",
        BlockSize = 29,
        Disabled = dice.Next(5) == 0,
        AssignmentMode = dice.Next(5) == 0 ? "Manual" : "Automatic",
        NodeSelector = dice.Next(3) == 0 ? "zone == 'east'" : "all()",
        AllowedUses = dice.Next(4) == 0 ? ["Tunnel"] : dice.Next(3) == 0 ? ["Workload"] : ["Workload", "Tunnel"],
    });

    private static async Task<GrantReason> ReasonAsync(World world, string ip) => Must(await world.Member.Door.AddressAsync(ip, Cancellation)).Reason.ShouldNotBeNull();
}
