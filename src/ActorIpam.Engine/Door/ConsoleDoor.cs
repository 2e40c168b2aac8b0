using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ActorIpam.Domain;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Actors;

namespace ActorIpam.Engine.Door;

/// <summary>What an operator looks at: the actors of this member, and the streams of the journal. Nothing is activated and nothing changes by looking.</summary>
public sealed class ConsoleDoor
{
    /// <summary>The kinds of actors, in the order of their streams' names.</summary>
    public static readonly ImmutableArray<string> Kinds = ["block", "catalog", "host", "pool"];

    /// <summary>How many hosts are shown by name.</summary>
    public const int MostHosts = 20;

    private const int MostItems = 10_000, LastEvents = 10;

    private readonly Workplace _workplace;

    internal ConsoleDoor(Workplace workplace) => _workplace = workplace;

    private string Member => _workplace.Options.Name;

    private IStreamBrowser Streams => _workplace.Ports.Streams ?? throw new UnavailableException("This member does not show streams.");

    /// <summary>The actors of this member: streams that are activated, and hosts for which requests wait.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>; null for all.</param>
    /// <param name="limit">1 to 10,000.</param>
    /// <param name="after">Only actors behind this stream.</param>
    public Answer<ActorList> Actors(string? kind, int limit, string? after)
    {
        if (kind is not null && !Kinds.Contains(kind))
        {
            return new Refusal(RefusalCode.Enum, $"'{kind}' is none of {string.Join(", ", Kinds)}.", "kind");
        }

        if (limit is < 1 or > MostItems)
        {
            return new Refusal(RefusalCode.OutOfRange, $"limit must be 1 to {MostItems}, not {limit}.", "limit");
        }

        var all = _workplace.Supplies.Entries.Active.Append<Entry>(_workplace.Catalog).Select(Show)
            .Concat(_workplace.MailboxDepths.Select(mailbox => Show(mailbox.Key, mailbox.Value)))
            .Where(actor => (kind is null || actor.Kind == kind) && (after is null || string.CompareOrdinal(actor.Stream, after) > 0))
            .OrderBy(static actor => actor.Stream, StringComparer.Ordinal).Take(limit + 1).ToImmutableArray();
        return all.Length > limit
            ? new ActorList { Member = Member, Items = all[..limit], Continue = all[limit - 1].Stream }
            : new ActorList { Member = Member, Items = all };
    }

    /// <summary>One stream: what this member remembers of it, its fold, and its last rows.</summary>
    public Task<Answer<ActorDetail>> ActorAsync(string stream, CancellationToken cancellation) => IpamDoor.ServedAsync(SeeAsync(new(stream), cancellation));

    /// <summary>The rows of a stream from a version on.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="from">The first version wanted; 1 for all.</param>
    /// <param name="limit">1 to 10,000.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<JournalPage>> JournalAsync(string stream, long from, int limit, CancellationToken cancellation) =>
        IpamDoor.ServedAsync(ReadAsync(new(stream), from, limit, cancellation));

    /// <summary>How full each pool is, in the order of their names.</summary>
    public Task<ImmutableArray<PoolFigures>> PoolFiguresAsync(CancellationToken cancellation) => IpamDoor.ServedAsync(new UseReading(_workplace).PoolsAsync(cancellation));

    /// <summary>Who has the most blocks.</summary>
    public Task<HostFigures> HostFiguresAsync(CancellationToken cancellation) => IpamDoor.ServedAsync(new UseReading(_workplace).HostsAsync(MostHosts, cancellation));

    /// <summary>A row as it is shown.</summary>
    public static JournalEntry Show(StreamRow row)
    {
        using var events = JsonDocument.Parse(row.Row.Events);
        return new(row.Stream.Value, row.Row.Version, row.Row.Commit.ToString(), row.Row.At, row.Row.Member, row.Row.Schema, events.RootElement.Clone());
    }

    private async Task<Answer<JournalPage>> ReadAsync(StreamId stream, long from, int limit, CancellationToken cancellation)
    {
        if (limit is < 1 or > MostItems)
        {
            return new Refusal(RefusalCode.OutOfRange, $"limit must be 1 to {MostItems}, not {limit}.", "limit");
        }

        if (from < 1)
        {
            return new Refusal(RefusalCode.OutOfRange, $"Versions begin at 1, not {from}.", "from");
        }

        var heads = await _workplace.Ports.Journal.HeadsAsync([stream], cancellation);
        if (heads[0] == Head.None)
        {
            return NotThere(stream);
        }

        var rows = await Streams.RowsBehindAsync([new(stream, from - 1)], limit, cancellation);
        var isAll = rows.Length < limit || rows[^1].Row.Version >= heads[0].Version;
        return new JournalPage { Items = [.. rows.Select(Show)], Continue = isAll ? null : (rows[^1].Row.Version + 1).ToString(CultureInfo.InvariantCulture) };
    }

    private async Task<Answer<ActorDetail>> SeeAsync(StreamId stream, CancellationToken cancellation)
    {
        var mailbox = _workplace.MailboxDepths.Where(one => Engine.Streams.Host(one.Key) == stream).Select(static one => one.Value).FirstOrDefault();
        var heads = await _workplace.Ports.Journal.HeadsAsync([stream], cancellation);
        if (heads[0] == Head.None && mailbox == 0)
        {
            return NotThere(stream);
        }

        var known = stream == Engine.Streams.Catalog ? _workplace.Catalog : _workplace.Supplies.Entries.Find(stream);
        var rows = await Streams.RowsBehindAsync([new(stream, Math.Max(0, heads[0].Version - LastEvents))], LastEvents, cancellation);
        return new ActorDetail
        {
            Member = Member,
            Actor = known is not null ? Show(known) : new(stream.Value, KindOf(stream), null, mailbox > 0 ? "busy" : "passive", mailbox),
            Head = heads[0].Version,
            Fold = await new StreamFold(_workplace).OfAsync(stream, cancellation),
            Events = [.. rows.Select(Show)],
        };
    }

    private static ActorView Show(Entry entry) => new(
        entry.Id.Value, KindOf(entry.Id), entry.Head.Version, entry.IsDoubtful ? "doubtful" : entry.IsHeld ? "busy" : "idle", Mailbox: 0);

    private static ActorView Show(Owner owner, int waiting)
    {
        var stream = Engine.Streams.Host(owner);
        return new(stream.Value, KindOf(stream), null, "busy", waiting);
    }

    private static string KindOf(StreamId stream) => stream.Value.Split('/', 2)[0];

    private static Refusal NotThere(StreamId stream) => new(RefusalCode.NotFound, $"Nothing was ever recorded in a stream '{stream}'.", "stream");
}
