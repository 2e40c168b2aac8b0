using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using static ActorIpam.JournalContract.Programs.Rendering;

namespace ActorIpam.JournalContract.Programs;

/// <summary>All there is to see of the past, and random questions about it.</summary>
internal static class PastQuestions
{
    private static readonly CancellationToken Never = CancellationToken.None;

    /// <summary>Rows of history in another order, and what is picked out of them.</summary>
    public static IEnumerable<Question> OfEverything() =>
    [
        new("holdings, newest first", async under => Render(await under.Past.HoldingsAsync(new() { Limit = 10_000, NewestFirst = true }, Never))),
        .. Universe.Handles.Select(handle => new Question($"unredacted {handle}", async under => Render(await under.Past.UnredactedAsync(handle, Universe.Moment(9_999), 1000, Never)))),
    ];

    /// <summary>Every row of history once.</summary>
    public static IEnumerable<Question> OfTheRows() =>
    [
        new("horizon", async under => Render(await under.Past.HorizonAsync(Never))),
        new("holdings", async under => Render(await under.Past.HoldingsAsync(new() { Limit = 10_000 }, Never))),
        .. Universe.Blocks.Select(block => new Question($"history of {block}", async under => Render(await under.Past.BlockHistoryAsync(block, 0, 1000, Never)))),
        .. Universe.Kinds.SelectMany(static kind => (IEnumerable<(string, string)>)[(kind, "a"), (kind, "b"), (kind, "B"), (kind, "c-1")])
            .Select(of => new Question($"history of {of}", async under => Render(await under.Past.ResourceHistoryAsync(of.Item1, of.Item2, 0, 1000, Never)))),
    ];

    public static Question Random(Dice dice) => dice.Below(10) switch
    {
        0 => Put((Ip: dice.Of(Universe.Addresses), At: Moment(dice)), static (past, of) => past.AddressAtAsync(of.Ip, of.At, Never)),
        < 3 => Put((Filter: Questions.Filter(dice), At: Moment(dice)), static (past, of) => past.FindAddressesAtAsync(of.Filter, of.At, Never)),
        3 => Put(
            (Range: dice.Percent(70) ? dice.Of([.. Universe.Ranges, .. Universe.Blocks]) : (Cidr?)null, Owner: dice.Percent(30) ? dice.Of(Universe.Owners) : (Domain.Blocks.Owner?)null,
                Limit: 1 + dice.Below(6), After: dice.Percent(40) ? dice.Of(Universe.Blocks) : (Cidr?)null, At: Moment(dice)),
            static (past, of) => past.BlocksAtAsync(of.Range, of.Owner, of.Limit, of.After, of.At, Never)),
        4 => Put(Moment(dice), static (past, at) => past.ResourcesAtAsync(at, Never)),
        5 => Put((Block: dice.Of(Universe.Blocks), After: (long)dice.Below(40), Limit: 1 + dice.Below(4)), static (past, of) => past.BlockHistoryAsync(of.Block, of.After, of.Limit, Never)),
        6 => Put((Kind: dice.Of(Universe.Kinds), Skip: dice.Below(3), Limit: 1 + dice.Below(3)), static (past, of) => past.ResourceHistoryAsync(of.Kind, "a", of.Skip, of.Limit, Never)),
        7 => Put((Handle: dice.Of(Universe.Handles), At: Moment(dice), Limit: 1 + dice.Below(5)), static (past, of) => past.UnredactedAsync(of.Handle, of.At, of.Limit, Never)),
        8 when dice.Percent(30) => Put(Moment(dice), static (past, at) => past.HasHistoryBeforeAsync(at, Never)),
        _ => Put(Holdings(dice), static (past, filter) => past.HoldingsAsync(filter, Never)),
    };

    private static HoldingFilter Holdings(Dice dice) => new()
    {
        Ip = dice.Percent(30) ? dice.Of(Universe.Addresses) : null,
        Handle = dice.Percent(30) ? dice.Of(Universe.Handles) : null,
        Holder = dice.Percent(30) ? dice.Of(Universe.Owners) : null,
        Pool = dice.Percent(30) ? $"pool-{dice.Below(2)}" : null,
        From = dice.Percent(40) ? Moment(dice) : null,
        To = dice.Percent(40) ? Moment(dice) : null,
        NewestFirst = dice.Percent(50),
        Limit = 1 + dice.Below(6),
        After = dice.Percent(40) ? new HoldingPlace(dice.Percent(60) ? Moment(dice) : null, Questions.Somewhere(dice), dice.Below(60)) : null,
    };

    /// <summary>Among the moments at which units were dealt, or around them.</summary>
    private static DateTimeOffset Moment(Dice dice) => Universe.Moment(995 + dice.Below(110)) + TimeSpan.FromMilliseconds(dice.Percent(50) ? 0 : 500);

    private static Question Put<TQuery, TAnswer>(TQuery query, Func<IPastViews, TQuery, ValueTask<TAnswer>> ask)
        where TQuery : notnull =>
        new($"past {typeof(TAnswer).Name} of {Render(query)}", async under => Render(await ask(under.Past, query)));
}
