using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;

namespace ActorIpam.JournalContract.Programs;

/// <summary>Deals view changes that mostly fit the state.</summary>
internal sealed class ViewDealer(Dice dice)
{
    private long _generation, _version;

    public ImmutableArray<ViewChange> Some(JournalState state, DateTimeOffset now)
    {
        var changes = new Dictionary<object, ViewChange>();
        for (var count = dice.Below(6); count > 0; count--)
        {
            var (key, change) = Next(state, now);
            changes.TryAdd(key, change);
        }

        return [.. changes.Values];
    }

    private (object Key, ViewChange Change) Next(JournalState state, DateTimeOffset now) => dice.Below(31) switch
    {
        < 8 => Held(state, now),
        < 13 => Freed(state, now),
        < 17 => Stands(now),
        < 18 => Gone(state),
        < 19 => Stored(),
        < 20 => Forgotten(state),
        < 21 => Reopened(state),
        < 25 => Passed(now),
        < 26 => Redacted(state),
        < 27 => ("history", new IpamViewChange.HistoryForgotten(now - TimeSpan.FromSeconds(dice.Below(120)), 1 + dice.Below(3))),
        < 28 => HoldingRetold(state, now),
        < 29 => BlockRetold(now),
        < 30 => ResourceRetold(now),
        _ => ResourceGone(),
    };

    private (object Key, ViewChange Change) Held(JournalState state, DateTimeOffset now)
    {
        ImmutableArray<IpAddress> open = dice.Percent(96) ? [.. Universe.Addresses.Where(ip => !state.Addresses.ContainsKey(ip))] : Universe.Addresses;
        var ip = dice.Of(open.IsEmpty ? Universe.Addresses : open);
        var attributes = dice.Some(["pod", "namespace", "größe", "node"], 3).ToImmutableSortedDictionary(key => key, key => $"{key} ✓ \" {dice.Below(9)}");
        return (ip, new IpamViewChange.AddressHeld(new(
            ip, Universe.BlockOf(ip), ++_generation, dice.Percent(80) ? dice.Of(Universe.Handles) : null, dice.Of(Universe.Owners), attributes, now,
            dice.Percent(70) ? Universe.Moment(dice.Below(18)) : null)));
    }

    private (object Key, ViewChange Change) Freed(JournalState state, DateTimeOffset now)
    {
        var held = state.Addresses.Values.ToImmutableArray();
        var (ip, generation) = held.IsEmpty || dice.Percent(2) ? (dice.Of(Universe.Addresses), 1L) : Of(dice.Of(held));
        return (ip, new IpamViewChange.AddressFreed(ip, dice.Percent(2) ? generation + 1 : generation, $"pool-{dice.Below(2)}", now, "released ✓"));

        static (IpAddress Ip, long Generation) Of(AddressRow row) => (row.Ip, row.Generation);
    }

    private (object Key, ViewChange Change) Stands(DateTimeOffset now)
    {
        var block = dice.Of(Universe.Blocks);
        Owner? owner = dice.Percent(80) ? dice.Of(Universe.Owners) : null;
        var size = (int)block.Size;
        var assigned = dice.Percent(30) ? size : dice.Below(size + 1);
        var cooling = dice.Below(size - assigned + 1);
        var reserved = dice.Percent(70) ? 0 : dice.Below(size - assigned - cooling + 1);
        return (block, new IpamViewChange.BlockStands(new(
            block, $"pool-{dice.Below(2)}", owner, 1 + dice.Below(1000), size, size - assigned - cooling - reserved, assigned, cooling, reserved,
            owner is null ? assigned : dice.Below(assigned + 1), owner is null ? null : now, cooling > 0 ? Universe.Moment(dice.Below(12)) : null)));
    }

    private (object Key, ViewChange Change) Gone(JournalState state)
    {
        var block = dice.Percent(95) && !state.Blocks.IsEmpty ? dice.Of([.. state.Blocks.Keys]) : dice.Of(Universe.Blocks);
        return (block, new IpamViewChange.BlockGone(block));
    }

    private (object Key, ViewChange Change) Stored()
    {
        var row = new ResourceRow(dice.Of(Universe.Kinds), dice.Of(["a", "b", "B", "c-1"]), $"uid-{dice.Below(99)}", dice.Below(1000), $$"""{"spec":{"t":"ü", "n": {{dice.Below(9)}} } }""");
        return ((row.Kind, row.Name), new IpamViewChange.ResourceStored(row));
    }

    private (object Key, ViewChange Change) Forgotten(JournalState state)
    {
        var row = state.Requests.IsEmpty ? null : dice.Of([.. state.Requests.Values]);
        var (id, at) = (row?.Id ?? "never", dice.Percent(80) && row is not null ? row.At : Universe.Moment(0));
        return (("request", id), new IpamViewChange.RequestForgotten(id, at));
    }

    private (object Key, ViewChange Change) Reopened(JournalState state)
    {
        var handle = dice.Of(Universe.Handles);
        return (("handle", handle), new IpamViewChange.CloseForgotten(handle, state.ClosedThrough(handle) ?? Universe.Moment(0)));
    }

    private (object Key, ViewChange Change) ResourceGone()
    {
        var (kind, name) = (dice.Of(Universe.Kinds), dice.Of(["a", "b", "B", "never"]));
        return ((kind, name), new IpamViewChange.ResourceGone(kind, name));
    }

    private (object Key, ViewChange Change) Passed(DateTimeOffset now)
    {
        var block = dice.Of(Universe.Blocks);
        Owner? owner = dice.Percent(80) ? dice.Of(Universe.Owners) : null;
        // Clocks of members differ: now and then one is behind.
        var at = dice.Percent(80) ? now : now - TimeSpan.FromSeconds(dice.Below(30));
        var version = dice.Percent(95) ? ++_version : Math.Max(1, _version - dice.Below(3));
        var begins = dice.Percent(75) ? new BlockHistoryRow(block, version, $"pool-{dice.Below(2)}", owner, at, null, "asked ✓", null) : null;
        return (("passed", block), new IpamViewChange.BlockPassed(block, at, "given back ✓", begins));
    }

    private (object Key, ViewChange Change) HoldingRetold(JournalState state, DateTimeOffset now)
    {
        // What a repair removed is never told anew: it would stand there twice.
        var told = state.History.Values.SelectMany(static past => past).Where(static row => row.Why != AddressHistoryRow.Repaired).ToImmutableArray();
        var row = told.IsEmpty || dice.Percent(20) ? OfNoTime(state, now) : dice.Of(told);
        row = row with { Why = "retold", Held = row.Held with { Handle = dice.Of(Universe.Handles) } };
        return (("retold", row.Held.Ip, row.Held.Generation), new IpamViewChange.HoldingRetold(row.Held.Ip, row.Held.Generation, dice.Percent(70) ? row : null));
    }

    /// <summary>A holding that the views never heard of, of an address that nobody holds: two never hold one at once.</summary>
    private AddressHistoryRow OfNoTime(JournalState state, DateTimeOffset now)
    {
        ImmutableArray<IpAddress> open = [.. Universe.Addresses.Where(ip => !state.Addresses.ContainsKey(ip))];
        var ip = dice.Of(open);
        return new(new(ip, Universe.BlockOf(ip), ++_generation, null, dice.Of(Universe.Owners), ImmutableSortedDictionary<string, string>.Empty, now, null), "pool-1", now, "retold ✓");
    }

    private (object Key, ViewChange Change) BlockRetold(DateTimeOffset now)
    {
        var block = dice.Of(Universe.Blocks);
        ImmutableArray<BlockHistoryRow> rows =
        [
            new(block, ++_version, "pool-0", dice.Of(Universe.Owners), now - TimeSpan.FromSeconds(9), now - TimeSpan.FromSeconds(3), "asked", "split"),
            new(block, ++_version, "pool-1", null, now - TimeSpan.FromSeconds(3), dice.Percent(50) ? now : null, "split ✓", null),
        ];
        return (("retold", block), dice.Percent(70) ? new IpamViewChange.BlockRetold(block, 1, rows) : new(block, Math.Max(1, _version - dice.Below(9)), []));
    }

    private (object Key, ViewChange Change) ResourceRetold(DateTimeOffset now)
    {
        var (kind, name) = (dice.Of(Universe.Kinds), dice.Of(["a", "b", "B", "never"]));
        ImmutableArray<ResourceHistoryRow> rows =
        [
            new(new(kind, name, "uid-1", dice.Below(1000), """{"spec":{"t":"ü"}}"""), now - TimeSpan.FromSeconds(9), now - TimeSpan.FromSeconds(3)),
            new(new(kind, name, "uid-1", dice.Below(1000), """{"spec":{}}"""), now - TimeSpan.FromSeconds(3), dice.Percent(50) ? now : null),
        ];
        return (("retold", kind, name), new IpamViewChange.ResourceRetold(kind, name, dice.Percent(70) ? rows : []));
    }

    private (object Key, ViewChange Change) Redacted(JournalState state)
    {
        var rows = state.Addresses.Values.Concat(state.History.Values.SelectMany(static past => past).Select(static row => row.Held)).ToImmutableArray();
        var (ip, generation) = rows.IsEmpty || dice.Percent(10) ? (dice.Of(Universe.Addresses), 1L) : Of(dice.Of(rows));
        return (("redacted", ip, generation), new IpamViewChange.AttributesRedacted(ip, generation));

        static (IpAddress Ip, long Generation) Of(AddressRow row) => (row.Ip, row.Generation);
    }
}
