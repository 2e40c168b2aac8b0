using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using static ActorIpam.JournalContract.Programs.Rendering;

namespace ActorIpam.JournalContract.Programs;

/// <summary>A question and how to put it to a journal; the answer comes as text.</summary>
internal sealed record Question(string Text, Func<IJournalUnderTest, Task<string>> Ask);

/// <summary>All there is to see of a journal, and random questions about it.</summary>
internal static class Questions
{
    private static readonly CancellationToken Never = CancellationToken.None;

    /// <summary>Every row by way of the ports, and in every way of asking for it.</summary>
    public static IEnumerable<Question> OfEverything() =>
    [
        .. OfTheRows(),
        .. Universe.Streams.Select(stream => new Question($"load {stream}", async under => Render(await under.Journal.LoadAsync(stream, long.MaxValue, Never)))),
        .. Universe.Addresses.Select(ip => new Question($"history of {ip}", async under => Render(await under.Views.HistoryAsync(ip, Never)))),
        .. PastQuestions.OfEverything(),
    ];

    /// <summary>Every row once, in few questions.</summary>
    public static IEnumerable<Question> OfTheRows() =>
    [
        new("heads", async under => Render(await under.Journal.HeadsAsync(Universe.Streams, Never))),
        .. Universe.Streams.Select(stream => new Question($"stream {stream}", async under => Render(await under.Journal.ReadAsync(stream, Head.None, Never)))),
        new("lengths", async under => Render(await under.Upkeep.LengthsAsync("", null, 100, Never))),
        new("addresses", async under => Render(await under.Views.FindAddressesAsync(new() { Limit = 10_000 }, Never))),
        new("blocks", async under => Render(await under.Views.BlocksInAsync(null, 10_000, null, Never))),
        .. Universe.Requests.Select(id => new Question($"request {id}", async under => Render(await under.Views.RequestAsync(id, Never)))),
        .. Universe.Handles.Select(handle => new Question($"handle {handle}", async under => Render(await under.Views.HandleClosedThroughAsync(handle, Never)))),
        .. PastQuestions.OfTheRows(),
        .. Universe.Kinds.Select(kind => new Question($"resources {kind}", async under => Render(await under.Views.ResourcesAsync(kind, Never)))),
    ];

    public static Question Random(Dice dice, IReadOnlyList<Head> heads) => dice.Below(16) switch
    {
        0 => Put(dice.Of(Universe.Addresses), static (views, ip) => views.AddressAsync(ip, Never)),
        1 => Put(dice.Some(Universe.Addresses, 20), static (views, ips) => views.AddressesAsync(ips, Never)),
        2 => Put(dice.Of(Universe.Handles), static (views, handle) => views.AddressesOfHandleAsync(handle, Never)),
        3 => Put(Filter(dice), static (views, filter) => views.FindAddressesAsync(filter, Never)),
        4 => Put(dice.Of(Universe.Blocks), static (views, block) => views.BlockAsync(block, Never)),
        5 => Put(Somewhere(dice), static (views, ip) => views.BlockContainingAsync(ip, Never)),
        6 when dice.Percent(50) => Put((Owner: dice.Of(Universe.Owners), Head: dice.Of(Universe.Streams)), static (views, of) => views.OwnedAsync(of.Owner, of.Head, Never)),
        6 => Put(dice.Of(Universe.Owners), static (views, owner) => views.BlocksOfAsync(owner, Never)),
        7 => Put(
            (Range: dice.Percent(80) ? dice.Of(Universe.Ranges) : (Cidr?)null, Limit: 1 + dice.Below(6), After: dice.Percent(40) ? dice.Of(Universe.Blocks) : (Cidr?)null),
            static (views, of) => views.BlocksInAsync(of.Range, of.Limit, of.After, Never)),
        8 => Put(Room(dice), static (views, question) => views.RoomAsync(question, Never)),
        9 => Put(dice.Some(Universe.Ranges, 5), static (views, ranges) => views.TotalsAsync(ranges, Never)),
        10 => Lengths(dice),
        11 => Load(dice),
        < 15 => PastQuestions.Random(dice),
        _ => Tail(dice, heads),
    };

    private static Question Put<TQuery, TAnswer>(TQuery query, Func<IViews, TQuery, ValueTask<TAnswer>> ask)
        where TQuery : notnull =>
        new($"{typeof(TAnswer).Name} of {Render(query)}", async under => Render(await ask(under.Views, query)));

    private static Question Lengths(Dice dice)
    {
        var (prefix, after, limit) = (dice.Of(["", "block/", "block/10", "pool/"]), dice.Percent(40) ? dice.Of(Universe.Streams) : (StreamId?)null, 1 + dice.Below(6));
        return new($"{limit} lengths of {prefix} behind {after}", async under => Render(await under.Upkeep.LengthsAsync(prefix, after, limit, Never)));
    }

    private static Question Load(Dice dice)
    {
        var (stream, below) = (dice.Of(Universe.Streams), dice.Percent(60) ? long.MaxValue : dice.Below(12));
        return new($"load of {stream} below {below}", async under => Render(await under.Journal.LoadAsync(stream, below, Never)));
    }

    private static Question Tail(Dice dice, IReadOnlyList<Head> heads)
    {
        var stream = dice.Of(Universe.Streams);
        var after = heads.Count > 0 && dice.Percent(90) ? heads[dice.Below(heads.Count)] : new(dice.Below(5), dice.Commit());
        return new($"tail of {stream} behind {after}", async under => Render(await under.Journal.ReadAsync(stream, after, Never)));
    }

    public static IpAddress Somewhere(Dice dice) =>
        dice.Percent(70) ? dice.Of(Universe.Addresses) : dice.Percent(50) ? dice.Of(Universe.Ranges).First : dice.Of(Universe.Ranges).Last;

    public static AddressFilter Filter(Dice dice) => new()
    {
        Handle = dice.Percent(40) ? dice.Of(Universe.Handles) : null,
        Holder = dice.Percent(40) ? dice.Of(Universe.Owners) : null,
        Range = dice.Percent(40) ? dice.Of([.. Universe.Ranges, .. Universe.Blocks]) : null,
        Borrowed = dice.Percent(40) ? dice.Percent(50) : null,
        After = dice.Percent(30) ? Somewhere(dice) : null,
        Limit = 1 + dice.Below(12),
    };

    private static RoomQuestion Room(Dice dice) => new(
        [.. dice.Some([.. Universe.Ranges, .. Universe.Blocks], 4).Select(range => new RoomWalk(range, StartIn(dice, range)))],
        1 + dice.Below(5),
        dice.Some(Universe.Streams, 4));

    private static IpAddress StartIn(Dice dice, Cidr range)
    {
        var inside = Universe.Addresses.Where(range.Contains).ToImmutableArray();
        return inside.IsEmpty || dice.Percent(20) ? dice.Percent(50) ? range.First : range.Last : dice.Of(inside);
    }
}
