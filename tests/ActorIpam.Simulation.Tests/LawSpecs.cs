using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;
using ActorIpam.Simulation.Laws;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>The laws themselves, on histories written by hand: a lawful one that all of them accept, and for each law one that it must refuse.</summary>
public sealed class LawSpecs
{
    private const string Web = "net/web", Db = "net/db", Ip = "10.0.0.0";

    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly WorldPlan Plan = new() { Members = 1, Hosts = ["h1"], Pools = [], PodsPerHost = 1, Rounds = 1 };

    [Fact]
    public void A_lawful_history_breaks_no_law()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Released(30, 40, Web, [Ip]);
        past.Free(35, Ip, 1);
        past.Assigned(50, 60, "b", Db, Ip, 3, committed: 55);
        Broken(past).ShouldBeEmpty();
    }

    [Fact]
    public void An_address_given_to_two_breaks_INV_1()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Assigned(30, 40, "b", Db, Ip, 2, committed: 35);
        Broken(past).ShouldContain("INV-1");
    }

    [Fact]
    public void An_answer_that_was_never_written_breaks_INV_2()
    {
        var past = new Past();
        past.Answered(10, 20, "a", Web, Ip, 1);
        Broken(past).ShouldContain("INV-2");
    }

    [Fact]
    public void An_address_taken_away_before_anybody_asked_breaks_INV_2()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Free(25, Ip, 1);
        past.Released(30, 40, Web, [Ip]);
        Broken(past).ShouldContain("INV-2");
    }

    [Fact]
    public void The_release_of_an_earlier_life_does_not_excuse_a_loss_in_this_one()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Free(35, Ip, 1);
        past.Released(30, 40, Web, [Ip]);
        past.Assigned(50, 60, "b", Web, Ip, 3, committed: 55);
        past.Free(65, Ip, 3);
        Broken(past).ShouldContain("INV-2");
    }

    [Fact]
    public void What_is_held_for_somebody_who_was_never_told_breaks_INV_3()
    {
        var past = new Past();
        past.Hold(15, Web, Ip, 1);
        Broken(past).ShouldContain("INV-3");
    }

    [Fact]
    public void A_release_that_leaves_something_breaks_INV_3()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Released(30, 40, Web, []);
        Broken(past).ShouldContain("INV-3");
    }

    [Fact]
    public void A_late_assignment_behind_a_final_release_breaks_INV_4()
    {
        var past = new Past();
        past.Released(10, 20, Web, [], final: Noon);
        past.Assigned(5, 40, "a", Web, Ip, 1, committed: 30, issued: Noon.AddSeconds(-1));
        Broken(past).ShouldContain("INV-4");
    }

    [Fact]
    public void A_newer_assignment_behind_a_final_release_is_lawful()
    {
        var past = new Past();
        past.Released(10, 20, Web, [], final: Noon);
        past.Assigned(25, 40, "a", Web, Ip, 1, committed: 30, issued: Noon.AddSeconds(1));
        Broken(past).ShouldBeEmpty();
    }

    [Fact]
    public void A_block_whose_figures_do_not_add_up_breaks_INV_6()
    {
        var past = new Past();
        past.Commit(10, new IpamViewChange.BlockStands(new(Cidr.Parse("10.0.0.0/31"), "uid", Owner.Host("h1"), 1, 2, 1, 0, 0, 0, 0, Noon, null)));
        Broken(past).ShouldContain("INV-6");
    }

    [Fact]
    public void A_block_that_its_events_do_not_know_breaks_INV_7()
    {
        var past = new Past();
        past.Append(10, new("block/10.0.0.0/30"), Head.None, BlockEventCodec.Instance.Write([new BlockEvent.Opened("uid", Owner.Host("h1"), Noon, null)]));
        Broken(past).ShouldContain("INV-7");
    }

    [Fact]
    public void An_owned_block_that_its_pool_does_not_know_breaks_INV_5()
    {
        var past = new Past();
        past.Commit(10, new IpamViewChange.BlockStands(new(Cidr.Parse("10.0.0.0/31"), "uid", Owner.Host("h1"), 1, 2, 2, 0, 0, 0, 0, Noon, null)));
        Broken(past).ShouldBe(["INV-5"]);
    }

    [Fact]
    public void A_gap_in_the_versions_breaks_INV_8()
    {
        var past = new Past();
        past.Append(10, new("block/10.0.0.0/31"), new(1, default));
        Broken(past).ShouldContain("INV-8");
    }

    [Fact]
    public void An_address_told_again_behind_its_release_breaks_INV_9()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Free(35, Ip, 1);
        past.Released(30, 40, Web, [Ip]);
        past.Answered(50, 60, "a", Web, Ip, 1);
        Broken(past).ShouldContain("INV-9");
    }

    [Fact]
    public void An_assignment_from_a_disabled_pool_breaks_INV_10()
    {
        var past = new Past();
        past.Asked(new Exchange.Storing("m1", 10, new IpPool(new("p"), new() { Cidr = "10.0.0.0/30", Disabled = true })) { Answered = 20 });
        past.Assigned(15, 40, "a", Web, Ip, 1, committed: 30);
        Broken(past).ShouldContain("INV-10");
    }

    [Fact]
    public void An_assignment_that_was_committed_before_the_answer_to_disable_is_lawful()
    {
        var past = new Past();
        past.Asked(new Exchange.Storing("m1", 10, new IpPool(new("p"), new() { Cidr = "10.0.0.0/30", Disabled = true })) { Answered = 35 });
        past.Assigned(15, 40, "a", Web, Ip, 1, committed: 30);
        Broken(past).ShouldBeEmpty();
    }

    [Fact]
    public void Reuse_before_the_cooldown_is_over_breaks_INV_11()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Released(30, 40, Web, [Ip]);
        past.Free(35, Ip, 1);
        past.Assigned(50, 60, "b", Db, Ip, 3, committed: 55);
        Broken(past, Plan with { Cooldown = 2 }).ShouldContain("INV-11");
    }

    [Fact]
    public void A_handle_above_its_cap_breaks_INV_12()
    {
        var past = new Past();
        past.Hold(10, Web, "10.0.0.1", 1);
        past.Assigned(10, 20, "a", Web, Ip, 2, committed: 15, cap: 1);
        Broken(past).ShouldContain("INV-12");
    }

    [Fact]
    public void Two_grants_for_one_request_break_INV_13()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Assigned(10, 40, "a", Web, "10.0.0.1", 2, committed: 35);
        Broken(past).ShouldContain("INV-13");
    }

    [Fact]
    public void An_answer_that_was_true_only_before_the_question_breaks_INV_15()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Free(35, Ip, 1);
        past.Released(30, 40, Web, [Ip]);
        past.Answered(50, 60, "a", Web, Ip, 1);
        Broken(past).ShouldContain("INV-15");
    }

    [Fact]
    public void Nothing_held_said_of_a_handle_that_held_all_the_time_breaks_INV_15()
    {
        var past = new Past();
        past.Assigned(10, 20, "a", Web, Ip, 1, committed: 15);
        past.Asked(new Exchange.ReleasingHandle("m1", 30, new() { Handle = Web }) { Answered = 40, Answer = new Refusal(RefusalCode.NotFound, "") });
        Broken(past).ShouldContain("INV-15");
    }

    [Fact]
    public void Exhausted_said_while_there_was_room_all_the_time_breaks_INV_15()
    {
        var past = Exhausted(held: 3);
        Broken(past).ShouldContain("INV-15");
    }

    [Fact]
    public void Exhausted_said_when_all_was_held_for_an_instant_is_lawful() => Broken(Exhausted(held: 4)).ShouldBeEmpty();

    /// <summary>The first of what was granted was another's when it was asked for: it is no repeat, and there was room for a second one all the time.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Too_few_addresses_while_there_was_room_all_the_time_break_INV_15(int others, bool broken)
    {
        var past = Exhausted(held: 0);
        for (var i = 0; i < others; i++)
        {
            past.Hold(5, $"net/{i}", $"10.0.0.{i + 1}", 1 + i);
        }

        past.Hold(5, Db, Ip, 9);
        past.Commit(50, new IpamViewChange.AddressFreed(IpAddress.Parse(Ip), 9, "uid", Noon, "asked"));
        past.Hold(55, Web, Ip, 11);
        past.Asked(new Exchange.Assigning("m1", 45, new() { Host = "h1", Handle = Web, Ipv4 = 2, RequestId = "two" }) { Answered = 60, Answer = Past.Granted(Web, Ip, 11) });
        ExhaustionWasTrue.Judge(past.History, Plan).Any(violation => violation.What.Contains("told two", StringComparison.Ordinal)).ShouldBe(broken);
    }

    private static Past Exhausted(int held)
    {
        var past = new Past();
        for (var i = 0; i < held; i++)
        {
            past.Assigned(10, 20, $"r{i}", $"net/{i}", $"10.0.0.{i}", 1 + i, committed: 15);
        }

        past.Asked(new Exchange.Assigning("m1", 30, new() { Host = "h1", Handle = Web, Ipv4 = 1, RequestId = "late" }) { Answered = 40, Answer = new AssignAnswer() });
        return past;
    }

    private static IEnumerable<string> Broken(Past past, WorldPlan? plan = null) => AllLaws.Judge(past.History, plan ?? Plan).Select(violation => violation.Law).Distinct();
}
