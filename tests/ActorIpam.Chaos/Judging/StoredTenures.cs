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

/// <summary>What PostgreSQL says about who held what, with the instants at which the commits really happened.</summary>
internal static class StoredTenures
{
    /// <summary>The assignment's row in the block's stream carries the generation as its version; the row of the present or of the history was written by the unit that ended it.</summary>
    private const string Sql = """
        select host(a.ip), a.block::text, a.generation, coalesce(a.handle, ''), a.owner, extract(epoch from a.issued) * 1000000,
               extract(epoch from pg_xact_commit_timestamp(j.xmin)) * 1000000, null
          from address a join journal j on j.stream = 'block/' || a.block::text and j.version = a.generation
        union all
        select host(h.ip), h.block::text, h.generation, coalesce(h.handle, ''), h.owner, extract(epoch from h.issued) * 1000000,
               extract(epoch from pg_xact_commit_timestamp(j.xmin)) * 1000000, extract(epoch from pg_xact_commit_timestamp(h.xmin)) * 1000000
          from address_history h join journal j on j.stream = 'block/' || h.block::text and j.version = h.generation
        """;

    /// <summary>The commits that began and ended tenures, by address, each address's in order.</summary>
    public static async Task<ILookup<IpAddress, Commit>> ReadAsync(IDatabase database, string schema)
    {
        var lines = (await database.QueryAsync($"set search_path to {schema}; {Sql}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.SelectMany(Events).GroupBy(happened => happened.Ip).SelectMany(of => InOrder(of.Key, of)).ToLookup(commit => commit.Ip, commit => commit.Commit);
    }

    private static IEnumerable<(IpAddress Ip, long Instant, ViewChange Change)> Events(string line)
    {
        var cells = line.Split('\t');
        var ip = IpAddress.Parse(cells[0]);
        var generation = long.Parse(cells[2], CultureInfo.InvariantCulture);
        var from = Micros(cells[6])!.Value;
        var row = new AddressRow(
            ip, Cidr.Parse(cells[1]), generation, cells[3].Length == 0 ? null : cells[3], Owner.Parse(cells[4]), ImmutableSortedDictionary<string, string>.Empty, Moment(from),
            Micros(cells[5]) is { } issued ? Moment(issued) : null);
        yield return (ip, from, new IpamViewChange.AddressHeld(row));
        if (Micros(cells[7]) is { } to)
        {
            yield return (ip, to, new IpamViewChange.AddressFreed(ip, generation, "", Moment(to), ""));
        }
    }

    /// <summary>Ends before beginnings where a clock tick holds both; the state behind each is what laws look at in the end.</summary>
    private static IEnumerable<(IpAddress Ip, Commit Commit)> InOrder(IpAddress ip, IEnumerable<(IpAddress Ip, long Instant, ViewChange Change)> events)
    {
        var state = JournalState.Empty;
        foreach (var (_, instant, change) in events.OrderBy(happened => happened.Instant).ThenBy(happened => happened.Change is IpamViewChange.AddressHeld))
        {
            state = state with
            {
                Addresses = change is IpamViewChange.AddressHeld held ? state.Addresses.SetItem(ip, held.Row) : state.Addresses.Remove(ip),
            };
            var unit = new Unit(default) { At = Moment(instant), Member = "stored", Views = [change] };
            yield return (ip, new(instant, unit.At, unit, state));
        }
    }

    private static DateTimeOffset Moment(long micros) => DateTimeOffset.UnixEpoch.AddMicroseconds(micros);

    private static long? Micros(string cell) => cell.Length == 0 ? null : (long)decimal.Parse(cell, CultureInfo.InvariantCulture);
}
