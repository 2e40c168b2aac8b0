using ActorIpam.Engine;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>
/// INV-15, where members of several releases run side by side: who cannot read an event of a stream decides and answers nothing on a state behind it, and nobody joins members
/// whose protocol number is more than one away, or does what one of them asks.
/// </summary>
public static class NobodyGuesses
{
    /// <summary>A row that is older than the newest by more than this is of a dead member (protocol.md §4).</summary>
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(5);

    public static IEnumerable<Violation> Judge(History history)
    {
        var releases = history.Releases;
        if (!releases.AreSeveral)
        {
            return [];
        }

        var rows = (from commit in history.Commits
                    from append in commit.Unit.Appends
                    where !releases.CanRead(1, commit.Unit.Commit, append.Events)
                    select new Row(append.Stream, append.Expected.Version + 1, commit.Unit.Commit, append.Events, commit.Instant)).ToLookup(row => row.Stream);
        var instants = history.Commits.GroupBy(commit => commit.Unit.Commit).ToDictionary(commits => commits.Key, commits => commits.Max(commit => commit.Instant));
        var units = history.Commits.Select(commit => (commit.Instant, commit.Unit)).Concat(releases.Questions);
        return
        [
            .. from unit in units
               from stream in Unread(unit.Unit, releases, rows, instants)
               select new Violation("INV-15", unit.Instant, $"{unit.Unit.Member} decided on {stream}, of which its release cannot read an event."),
            .. Routes(history, rows[Streams.Catalog]),
            .. releases.Processes.SelectMany(TooFar),
            .. from call in releases.Calls
               where Math.Abs(call.Spoken - call.Understood) > 1
               select new Violation("INV-15", call.Instant, $"{call.To}, which speaks protocol number {call.Understood}, did a {call.Call} for {call.From}, which speaks {call.Spoken}: it could have misunderstood it."),
        ];
    }

    private static IEnumerable<StreamId> Unread(Unit unit, Releases releases, ILookup<StreamId, Row> rows, Dictionary<CommitId, long> instants)
    {
        var number = releases.WriterOf(unit.Commit);
        return from seen in unit.Appends.Select(append => new Fence(append.Stream, append.Expected)).Concat(unit.Fences)
               where number > 0
               where seen.Stream == Streams.Policy
                   ? rows[Streams.Catalog].Any(row => instants.TryGetValue(seen.Expected.Commit, out var raised) && row.Instant <= raised && !releases.CanRead(number, row.Commit, row.Events))
                   : rows[seen.Stream].Any(row => row.Version <= seen.Expected.Version && !releases.CanRead(number, row.Commit, row.Events))
               select seen.Stream;
    }

    /// <summary>Routes are planned on the catalog and leave without a unit.</summary>
    private static IEnumerable<Violation> Routes(History history, IEnumerable<Row> catalog) =>
        from exchange in history.Exchanges.OfType<Exchange.Routing>()
        where exchange.IsAnswered
        let process = history.Releases.Processes.LastOrDefault(process => process.Name == exchange.Member && process.Instant <= exchange.Asked)
        where process is not null && !history.Releases.Processes.Any(later => later.Name == exchange.Member && later.Instant > exchange.Asked && later.Instant <= exchange.Answered)
        where catalog.Any(row => row.Instant <= exchange.Asked && !history.Releases.CanRead(process.Number, row.Commit, row.Events))
        select new Violation("INV-15", exchange.Answered, $"{exchange.Member} told routes, and its release cannot read an event of the catalog.");

    private static IEnumerable<Violation> TooFar(Joined joined) =>
        from row in joined.Rows
        where row.Name != joined.Name && joined.Rows.Max(other => other.At) - row.At <= Alive && Math.Abs(row.Protocol - joined.Number) > 1
        select new Violation("INV-15", joined.Instant, $"{joined.Name} joined with protocol number {joined.Number} beside {row.Name}, which speaks {row.Protocol}: either could misunderstand the other.");

    private sealed record Row(StreamId Stream, long Version, CommitId Commit, string Events, long Instant);
}
