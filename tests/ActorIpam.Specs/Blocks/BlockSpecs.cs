using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.EventSourcing;
using Shouldly;

namespace ActorIpam.Specs.Blocks;

public class BlockSpecs
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Owner East = Owner.Host("east"), West = Owner.Host("west");
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    [Fact]
    public void A_new_block_hands_out_its_addresses_in_ascending_order_from_the_first_to_the_last() =>
        Given(Opened()).NextFree(8, Nothing).ShouldBe([0, 1, 2, 3, 4, 5, 6, 7]);

    [Fact]
    public void A_reserved_address_keeps_its_place_in_the_queue()
    {
        var block = Given(Opened());
        block.NextFree(2, ordinal => ordinal == 0).ShouldBe([1, 2]);
        block.NextFree(1, Nothing).ShouldBe([0]);
    }

    [Fact]
    public void A_released_address_cools_before_it_is_reused()
    {
        var block = Given(Opened(), Assigned(0), Released(0, Noon));
        block.NextFree(8, Nothing).ShouldNotContain(0);
        block.EndCooldowns(Noon + FiveMinutes - TimeSpan.FromSeconds(1), FiveMinutes).ShouldBeNull();
        block.EndCooldowns(Noon + FiveMinutes, FiveMinutes)!.Ordinals.ShouldBe([0]);
        block.Row(3).CoolingSince.ShouldBe(Noon);
    }

    [Fact]
    public void Addresses_whose_cooldown_ends_together_join_the_tail_in_ascending_order()
    {
        var block = Given(Opened(), Assigned(0), Assigned(1), Assigned(2), Released(2, Noon), Released(0, Noon));
        var ended = block.EndCooldowns(Noon, TimeSpan.Zero)!;
        ended.Ordinals.ShouldBe([0, 2]);
        block.Apply(ended).NextFree(8, Nothing).ShouldBe([3, 4, 5, 6, 7, 0, 2]);
    }

    [Fact]
    public void Addresses_freed_one_after_the_other_are_reused_in_that_order() =>
        Given([Opened(), .. Enumerable.Range(0, 8).Select(Assigned), Released(3, Noon), Thawed(3), Released(1, Noon), Thawed(1)])
            .NextFree(8, Nothing).ShouldBe([3, 1]);

    [Fact]
    public void What_a_host_keeps_at_both_ends_is_never_free()
    {
        var block = Given(Opened(new HostReserved(3, 1, HostReserved.WindowsHandle)));
        block.NextFree(8, Nothing).ShouldBe([3, 4, 5, 6]);
        block.Slots[7].State.ShouldBe(SlotState.HostReserved);
        block.Row(1).HostReserved.ShouldBe(4);
    }

    [Theory]
    [InlineData("windows-reserved-ipam-handle", true)]
    [InlineData("Windows-Reserved-IPAM-Handle", true)]
    [InlineData("somebody-else", false)]
    public void Only_a_reservation_under_the_handle_of_windows_leaves_a_block_empty(string handle, bool empty) =>
        Given(Opened(new HostReserved(3, 1, handle))).IsEmpty.ShouldBe(empty);

    [Fact]
    public void A_block_that_moves_to_another_pool_keeps_its_owner_and_what_is_held_in_it()
    {
        var before = Given(Opened(), Assigned(0), Released(0, Noon), Assigned(1));

        var after = before.Apply(new BlockEvent.Moved("part", "split"));

        after.Row(9).ShouldBe(before.Row(9) with { Pool = "part" });
        after.Slots.ShouldBe(before.Slots);
        Should.Throw<InvariantViolationException>(() => Block.At(Range).Apply(new BlockEvent.Moved("part", "split"))).Law.ShouldBe("INV-5");
    }

    [Fact]
    public void A_cooling_address_keeps_its_block_from_being_empty() =>
        Given(Opened(), Assigned(0), Released(0, Noon)).IsEmpty.ShouldBeFalse();

    [Fact]
    public void An_address_held_by_another_host_is_borrowed_and_all_are_when_the_owner_is_lost()
    {
        var block = Given(Opened(), Assigned(0), AssignedTo(1, West));
        block.Borrowed.ShouldBe(1);
        block.Apply(new BlockEvent.AffinityLost("test")).Borrowed.ShouldBe(2);
    }

    [Fact]
    public void Free_assigned_cooling_and_host_reserved_add_up_to_the_size_after_every_event()
    {
        var block = Block.At(Range);
        BlockEvent[] story =
        [
            Opened(new HostReserved(1, 1, "kept")), Assigned(1), AssignedTo(2, West), Released(1, Noon), Thawed(1), new BlockEvent.AffinityLost("test"), Released(2, Noon), Thawed(2),
        ];
        foreach (var fact in story)
        {
            block = block.Apply(fact);
            var row = block.Row(1);
            (row.Free + row.Assigned + row.Cooling + row.HostReserved).ShouldBe(8, fact.ToString());
        }
    }

    [Fact]
    public void A_closed_block_forgets_everything_but_the_time_of_its_last_event()
    {
        var block = Given(Opened(), Assigned(0), Released(0, Noon + FiveMinutes), Thawed(0), new BlockEvent.Closed("test"));
        block.IsOpen.ShouldBeFalse();
        block.Owner.ShouldBeNull();
        block.LastEventAt.ShouldBe(Noon + FiveMinutes);
    }

    [Fact]
    public void A_journal_that_gives_one_address_two_holders_stops_the_block() =>
        Should.Throw<InvariantViolationException>(() => Given(Opened(), Assigned(0), Assigned(0))).Law.ShouldBe("INV-1");

    [Fact]
    public void A_journal_that_releases_what_nobody_holds_stops_the_block() =>
        Should.Throw<InvariantViolationException>(() => Given(Opened(), Released(0, Noon))).Law.ShouldBe("INV-2");

    [Fact]
    public void A_journal_that_releases_under_another_generation_stops_the_block() =>
        Should.Throw<InvariantViolationException>(() => Given(Opened(), Assigned(0), new BlockEvent.AddressReleased(0, 99, Noon, "test"))).Law.ShouldBe("INV-2");

    [Fact]
    public void A_journal_that_opens_an_open_block_stops_it() =>
        Should.Throw<InvariantViolationException>(() => Given(Opened(), Opened())).Law.ShouldBe("INV-5");

    [Fact]
    public void A_journal_that_closes_a_block_with_a_holder_stops_it() =>
        Should.Throw<InvariantViolationException>(() => Given(Opened(), Assigned(0), new BlockEvent.Closed("test"))).Law.ShouldBe("INV-2");

    [Theory]
    [InlineData("web", null, 1L, ReleaseVerdict.Release)]
    [InlineData(null, 1L, null, ReleaseVerdict.Release)]
    [InlineData("db", null, 1L, ReleaseVerdict.OtherHandle)]
    [InlineData(null, 2L, 1L, ReleaseVerdict.OtherGeneration)]
    [InlineData("db", 2L, 1L, ReleaseVerdict.OtherGeneration)]
    [InlineData(null, null, 7L, ReleaseVerdict.NotHeld)]
    [InlineData(null, null, null, ReleaseVerdict.NotHeld)]
    public void A_release_frees_only_what_the_caller_meant(string? handle, long? generation, long? seen, ReleaseVerdict verdict) =>
        Given(Opened(), new BlockEvent.AddressAssigned(0, 1, "web", East, null, null, "own")).JudgeRelease(0, handle, generation, seen, through: null).ShouldBe(verdict);

    [Fact]
    public void A_cooling_address_is_not_held_by_its_last_generation_any_more() =>
        Given(Opened(), Assigned(0), Released(0, Noon)).JudgeRelease(0, null, 1, 1, through: null).ShouldBe(ReleaseVerdict.NotHeld);

    [Fact]
    public void A_generation_is_refused_when_the_address_is_free() =>
        Given(Opened()).JudgeRelease(0, null, 5, null, through: null).ShouldBe(ReleaseVerdict.OtherGeneration);

    [Fact]
    public void An_address_that_ends_its_cooldown_twice_in_one_event_breaks_the_law() =>
        Should.Throw<InvariantViolationException>(() => Given(Opened(), Assigned(0), Released(0, Noon)).Apply(new BlockEvent.CooldownEnded([0, 0]))).Message.ShouldContain("INV-11");

    [Fact]
    public void The_largest_block_changes_one_page_for_one_address()
    {
        var slots = SlotTable.Of(4096).With(4095, Slot.HostReserved("x"));
        slots.Count.ShouldBe(4096);
        slots[4095].ShouldBe(Slot.HostReserved("x"));
        slots.StateOf(4031).ShouldBe(SlotState.Free);
    }

    private static readonly Cidr Range = Cidr.Parse("10.0.0.0/29");

    private static Block Given(params ImmutableArray<BlockEvent> story) => story.Aggregate(Block.At(Range), static (block, fact) => block.Apply(fact));

    private static BlockEvent Opened(HostReserved? kept = null) => new BlockEvent.Opened("pool-1", East, Noon, kept);

    private static BlockEvent Assigned(int ordinal) => AssignedTo(ordinal, East);

    private static BlockEvent AssignedTo(int ordinal, Owner holder) => new BlockEvent.AddressAssigned(ordinal, 1, $"pod-{ordinal}", holder, null, null, "own");

    private static BlockEvent Released(int ordinal, DateTimeOffset at) => new BlockEvent.AddressReleased(ordinal, 1, at, "released");

    private static BlockEvent Thawed(int ordinal) => new BlockEvent.CooldownEnded([ordinal]);

    private static bool Nothing(int ordinal) => false;
}
