using ActorIpam.Domain.Blocks;
using Shouldly;

namespace ActorIpam.Specs.Blocks;

/// <summary>A table keeps its slots as bytes: whatever is put in comes out, and nothing else changes.</summary>
public sealed class SlotTableSpecs
{
    private static readonly string?[] Texts =
        [null, "", "web", "net/0123456789abcdef", "\u00e4\u20ac", "\ud83d\ude80 rocket", "half \ud83d of one", new('x', 63), new('x', 64), new('\u00fc', 70), new('y', 16_400)];

    private static readonly DateTimeOffset?[] Times =
    [
        null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), new(2026, 1, 2, 3, 4, 5, TimeSpan.FromMinutes(345)),
        new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(-14)),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(256)]
    public void It_is_an_array_that_never_changes(int size)
    {
        var dice = new Random(size);
        var (table, slots) = (SlotTable.Of(size), new Slot[size]);
        for (var step = 0; step < 1000; step++)
        {
            var (ordinal, slot, before) = (dice.Next(size), Any(dice), table);
            table = table.With(ordinal, slot);
            before[ordinal].ShouldBe(slots[ordinal], $"step {step}: the table before");
            slots[ordinal] = slot;
            if (step % 50 == 0)
            {
                Same(table, slots, step);
            }
        }

        Same(table, slots, 1000);
        int[] some = [.. Enumerable.Range(0, size).Where(_ => dice.Next(2) == 0)];
        table = table.With([.. some], Slot.Free);
        Array.ForEach(some, ordinal => slots[ordinal] = Slot.Free);
        Same(table, slots, 1001);
    }

    [Fact]
    public void The_offset_of_a_time_is_kept() =>
        SlotTable.Of(1).With(0, new(SlotState.Held, 1, null, default, Times[4]))[0].At!.Value.Offset.ShouldBe(TimeSpan.FromMinutes(345));

    private static void Same(SlotTable table, Slot[] slots, int step)
    {
        for (var ordinal = 0; ordinal < slots.Length; ordinal++)
        {
            table[ordinal].ShouldBe(slots[ordinal], $"step {step}, ordinal {ordinal}");
            table.StateOf(ordinal).ShouldBe(slots[ordinal].State);
        }
    }

    private static Slot Any(Random dice) => dice.Next(4) == 0 ? Slot.Free : new(
        (SlotState)(1 + dice.Next(3)),
        dice.Next(3) switch { 0 => 0, 1 => dice.Next(200), _ => dice.NextInt64() },
        Texts[dice.Next(Texts.Length)],
        Texts[dice.Next(Texts.Length)] is { } name ? new((OwnerKind)dice.Next(2), name) : default,
        Times[dice.Next(Times.Length)]);
}
