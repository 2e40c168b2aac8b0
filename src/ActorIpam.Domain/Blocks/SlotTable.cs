using System.Collections.Immutable;

namespace ActorIpam.Domain.Blocks;

/// <summary>The slots of a block by ordinal: an immutable table in pages, so that changing one slot copies one page.</summary>
public sealed class SlotTable
{
    /// <summary>A change copies one page and the list of pages: for blocks of 256 addresses, the usual large ones, both are about as long.</summary>
    private const int PageLength = 16;
    private readonly ImmutableArray<byte[]> _pages;

    private SlotTable(ImmutableArray<byte[]> pages, int count)
    {
        _pages = pages;
        Count = count;
    }

    /// <summary>The number of slots.</summary>
    public int Count { get; }

    public Slot this[int ordinal] => SlotPage.Read(_pages[ordinal / PageLength], ordinal % PageLength, LengthOf(ordinal / PageLength));

    /// <summary>A table of free slots.</summary>
    public static SlotTable Of(int count)
    {
        // Pages start out shared: a block of 4,096 free addresses costs one page.
        var full = SlotPage.Free(Math.Min(count, PageLength));
        var pages = ImmutableArray.CreateBuilder<byte[]>();
        for (var left = count; left > 0; left -= PageLength)
        {
            pages.Add(left >= PageLength ? full : SlotPage.Free(left));
        }

        return new(pages.ToImmutable(), count);
    }

    /// <summary>What stands at an ordinal, without what else is known of it.</summary>
    public SlotState StateOf(int ordinal) => SlotPage.StateOf(_pages[ordinal / PageLength], ordinal % PageLength, LengthOf(ordinal / PageLength));

    public SlotTable With(int ordinal, Slot slot)
    {
        var page = ordinal / PageLength;
        return new(_pages.SetItem(page, SlotPage.With(_pages[page], ordinal % PageLength, LengthOf(page), slot)), Count);
    }

    /// <summary>The table with the same at several ordinals.</summary>
    public SlotTable With(ImmutableArray<int> ordinals, Slot slot)
    {
        var pages = _pages.ToBuilder();
        foreach (var ordinal in ordinals)
        {
            var page = ordinal / PageLength;
            pages[page] = SlotPage.With(pages[page], ordinal % PageLength, LengthOf(page), slot);
        }

        return new(pages.MoveToImmutable(), Count);
    }

    private int LengthOf(int page) => Math.Min(PageLength, Count - (page * PageLength));
}
