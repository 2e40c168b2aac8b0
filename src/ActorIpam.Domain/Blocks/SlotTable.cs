using System.Collections.Immutable;

namespace ActorIpam.Domain.Blocks;

/// <summary>The slots of a block by ordinal: an immutable table in pages, so that changing one slot copies one page.</summary>
public sealed class SlotTable
{
    /// <summary>A change copies one page and the list of pages: for blocks of 256 addresses, the usual large ones, both are about as long.</summary>
    private const int PageLength = 16;
    private readonly ImmutableArray<ImmutableArray<Slot>> _pages;

    private SlotTable(ImmutableArray<ImmutableArray<Slot>> pages, int count)
    {
        _pages = pages;
        Count = count;
    }

    /// <summary>The number of slots.</summary>
    public int Count { get; }

    public Slot this[int ordinal] => _pages[ordinal / PageLength][ordinal % PageLength];

    /// <summary>A table of free slots.</summary>
    public static SlotTable Of(int count)
    {
        // Pages start out shared: a block of 4,096 free addresses costs one page.
        var full = ImmutableArray.Create(new Slot[Math.Min(count, PageLength)]);
        var pages = ImmutableArray.CreateBuilder<ImmutableArray<Slot>>();
        for (var left = count; left > 0; left -= PageLength)
        {
            pages.Add(left >= PageLength ? full : ImmutableArray.Create(new Slot[left]));
        }

        return new(pages.ToImmutable(), count);
    }

    public SlotTable With(int ordinal, Slot slot)
    {
        var page = ordinal / PageLength;
        return new(_pages.SetItem(page, _pages[page].SetItem(ordinal % PageLength, slot)), Count);
    }

    /// <summary>The table with the same at several ordinals, each page copied once.</summary>
    public SlotTable With(ImmutableArray<int> ordinals, Slot slot)
    {
        var pages = _pages.ToBuilder();
        foreach (var group in ordinals.GroupBy(static ordinal => ordinal / PageLength))
        {
            var page = pages[group.Key].ToBuilder();
            foreach (var ordinal in group)
            {
                page[ordinal % PageLength] = slot;
            }

            pages[group.Key] = page.MoveToImmutable();
        }

        return new(pages.MoveToImmutable(), Count);
    }
}
