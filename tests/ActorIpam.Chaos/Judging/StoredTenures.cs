using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Chaos.Nodes;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Chaos.Judging;

/// <summary>What PostgreSQL says about who held an address, with the instants, in microseconds, at which the commits really happened.</summary>
/// <param name="Row">What it says.</param>
/// <param name="From">When the assignment was committed.</param>
/// <param name="To">When its end was committed; null while it lasts.</param>
internal readonly record struct StoredTenure(AddressRow Row, long From, long? To);

internal static class StoredTenures
{
    /// <summary>The assignment's row in the block's stream carries the generation as its version; the row of the present or of the history was written by the unit that ended it.</summary>
    private const string Sql = """
        copy (
          select host(held.ip), held.block::text, held.generation, coalesce(held.handle, ''), held.owner, round(extract(epoch from held.issued) * 1000000),
                 round(extract(epoch from pg_xact_commit_timestamp(j.xmin)) * 1000000), round(extract(epoch from held.ended) * 1000000)
            from (select ip, block, generation, handle, owner, issued, null::timestamptz as ended from {0}.address
                  union all
                  select ip, block, generation, handle, owner, issued, pg_xact_commit_timestamp(xmin) from {0}.address_history) held
            left join {0}.journal j on j.stream = 'block/' || held.block::text and j.version = held.generation
           order by held.ip, held.generation
        ) to stdout with (null '')
        """;

    /// <summary>All tenures, address by address, each address's in the order of their generations.</summary>
    public static async IAsyncEnumerable<(IpAddress Ip, IReadOnlyList<StoredTenure> Tenures)> ReadAsync(IDatabase database, string schema)
    {
        var tenures = new List<StoredTenure>();
        await foreach (var line in database.RowsAsync(Sql.Replace("{0}", schema, StringComparison.Ordinal)))
        {
            var tenure = Read(line.Split('\t'));
            if (tenures.Count > 0 && tenures[0].Row.Ip != tenure.Row.Ip)
            {
                yield return (tenures[0].Row.Ip, tenures);
                tenures = [];
            }

            tenures.Add(tenure);
        }

        if (tenures.Count > 0)
        {
            yield return (tenures[0].Row.Ip, tenures);
        }
    }

    /// <summary>The commits that began and ended these tenures of one address. Ends before beginnings where a clock tick holds both; the state behind each is what laws look at.</summary>
    public static IReadOnlyList<Commit> Commits(IEnumerable<StoredTenure> tenures)
    {
        var (commits, state) = (new List<Commit>(), JournalState.Empty);
        foreach (var (instant, change) in tenures.SelectMany(Changes).OrderBy(happened => happened.Instant).ThenBy(happened => happened.Change is IpamViewChange.AddressHeld))
        {
            state = state with
            {
                Addresses = change switch
                {
                    IpamViewChange.AddressHeld held => state.Addresses.SetItem(held.Row.Ip, held.Row),
                    IpamViewChange.AddressFreed freed => state.Addresses.Remove(freed.Ip),
                    _ => state.Addresses,
                },
            };
            var unit = new Unit(default) { At = Moment(instant), Member = "stored", Views = [change] };
            commits.Add(new(instant, unit.At, unit, state));
        }

        return commits;
    }

    public static DateTimeOffset Moment(long micros) => DateTimeOffset.UnixEpoch.AddMicroseconds(micros);

    public static long Micros(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static IEnumerable<(long Instant, ViewChange Change)> Changes(StoredTenure tenure)
    {
        yield return (tenure.From, new IpamViewChange.AddressHeld(tenure.Row));
        if (tenure.To is { } to)
        {
            yield return (to, new IpamViewChange.AddressFreed(tenure.Row.Ip, tenure.Row.Generation, "", Moment(to), ""));
        }
    }

    private static StoredTenure Read(string[] cells)
    {
        var from = Instant(cells[6]) ?? throw new InvalidOperationException($"PostgreSQL does not know when {cells[0]} g{cells[2]} was assigned.");
        var row = new AddressRow(
            IpAddress.Parse(cells[0]), Cidr.Parse(cells[1]), long.Parse(cells[2], CultureInfo.InvariantCulture), cells[3].Length == 0 ? null : cells[3], Owner.Parse(cells[4]),
            ImmutableSortedDictionary<string, string>.Empty, Moment(from), Instant(cells[5]) is { } issued ? Moment(issued) : null);
        return new(row, from, Instant(cells[7]));
    }

    private static long? Instant(string cell) => cell.Length == 0 ? null : (long)decimal.Parse(cell, CultureInfo.InvariantCulture);
}
