using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using NpgsqlTypes;
using static ActorIpam.Domain.Views.IpamGuard;
using static ActorIpam.Domain.Views.IpamViewChange;

namespace ActorIpam.Storage.Postgres;

/// <summary>A batch of units that are strangers to each other, as the lists that <c>append_plain</c> takes (decision 0022).</summary>
internal sealed class PlainBatch
{
    private readonly HashSet<string> _fresh = new(StringComparer.Ordinal);
    private readonly HashSet<(StreamId Stream, Head Head)> _seen = [];
    private readonly Columns _streams = new(NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Uuid);
    private readonly Columns _moved = new(NpgsqlDbType.Text, NpgsqlDbType.Uuid);
    private readonly Columns _rows = new(
        NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Uuid, NpgsqlDbType.TimestampTz, NpgsqlDbType.Integer, NpgsqlDbType.Text);

    private readonly Columns _opens = new(NpgsqlDbType.Text, NpgsqlDbType.TimestampTz);
    private readonly Columns _closes = new(NpgsqlDbType.Text, NpgsqlDbType.TimestampTz, NpgsqlDbType.TimestampTz);
    private readonly Columns _requests = new(
        NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.TimestampTz, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.TimestampTz);

    private readonly Columns _held = new(
        NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.TimestampTz, NpgsqlDbType.TimestampTz);

    private readonly Columns _freed = new(NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Text, NpgsqlDbType.TimestampTz, NpgsqlDbType.Text);
    private readonly Columns _blocks = new(
        NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Integer, NpgsqlDbType.Integer,
        NpgsqlDbType.Integer, NpgsqlDbType.Integer, NpgsqlDbType.Integer, NpgsqlDbType.Integer, NpgsqlDbType.TimestampTz, NpgsqlDbType.TimestampTz);

    private readonly List<Unit> _rest = [];
    private bool _timesFit = true;

    private PlainBatch(IReadOnlyList<Unit> units)
    {
        foreach (var unit in units)
        {
            Add(unit);
        }

        foreach (var (stream, head) in _seen)
        {
            _streams.Add(stream.Value, head.Version, head.Commit.Value);
        }
    }

    /// <summary>The types of <see cref="Values"/>.</summary>
    public static ImmutableArray<NpgsqlDbType> Types { get; } = [.. new PlainBatch([]).AllTypes()];

    /// <returns>Null for a batch that must be judged unit by unit, or alone.</returns>
    public static PlainBatch? Of(IReadOnlyList<Unit> units, BatchOutline outline)
    {
        if (!outline.Plain || outline.Exclusive || outline.OnlyQuestions || units.Any(unit => unit.Member != units[0].Member))
        {
            return null;
        }

        var batch = new PlainBatch(units);
        return batch._timesFit ? batch : null;
    }

    /// <summary>The arguments of the call, in their order.</summary>
    public IEnumerable<object> Values(string member, BatchOutline outline) =>
    [
        member, _fresh.ToArray(), outline.Locked, outline.Closing, outline.Opening,
        .. All().SelectMany(static columns => columns.Lists),
        _rest.Count == 0 ? DBNull.Value : BatchDocument.Write(_rest),
    ];

    private IEnumerable<NpgsqlDbType> AllTypes() =>
    [
        NpgsqlDbType.Text, .. Enumerable.Repeat(NpgsqlDbType.Array | NpgsqlDbType.Text, 4),
        .. All().SelectMany(static columns => columns.Types.Select(static type => NpgsqlDbType.Array | type)),
        NpgsqlDbType.Jsonb,
    ];

    private Columns[] All() => [_streams, _moved, _rows, _opens, _closes, _requests, _held, _freed, _blocks];

    private void Add(Unit unit)
    {
        foreach (var append in unit.Appends)
        {
            See(append.Stream, append.Expected);
            _moved.Add(append.Stream.Value, unit.Commit.Value);
            _rows.Add(append.Stream.Value, append.Expected.Version + 1, unit.Commit.Value, Time(unit.At), append.Schema, append.Events);
        }

        foreach (var fence in unit.Fences)
        {
            See(fence.Stream, fence.Expected);
        }

        foreach (var stream in unit.Raises.Distinct())
        {
            _fresh.Add(stream.Value);
            _moved.Add(stream.Value, unit.Commit.Value);
        }

        foreach (var guard in unit.Guards)
        {
            Add(guard, unit.At);
        }

        ImmutableArray<ViewChange> others = [.. unit.Views.Where(change => !Add(change))];
        if (!others.IsEmpty)
        {
            _rest.Add(unit with { Appends = [], Fences = [], Raises = [], Guards = [], Views = others });
        }
    }

    /// <summary>A head that was never written has no row that could be locked. Those of the policy and of nodes are compared without a lock.</summary>
    private void See(StreamId stream, Head head)
    {
        _seen.Add((stream, head));
        if (head == Head.None && !BatchOutline.IsReadPlainly(stream))
        {
            _fresh.Add(stream.Value);
        }
    }

    private void Add(Guard guard, DateTimeOffset at)
    {
        switch (guard)
        {
            case HandleOpen open:
                _opens.Add(open.Handle, Time(open.Issued));
                break;
            case HandleClose close:
                _closes.Add(close.Handle, Time(close.Through), Time(at));
                break;
            case NewRequest request:
                _requests.Add(
                    request.Id, request.Digest, Time(request.Issued), List(request.Grant.Select(static grant => grant.Ip.ToString())),
                    List(request.Grant.Select(static grant => grant.Generation.ToString(CultureInfo.InvariantCulture))), Time(at));
                break;
        }
    }

    /// <returns>False for what is no list of its own.</returns>
    private bool Add(ViewChange change)
    {
        switch (change)
        {
            case AddressHeld(var row):
                _held.Add(
                    row.Ip.ToString(), row.Block.ToString(), row.Generation, row.Handle, row.Holder.ToString(), BatchDocument.Attributes(row), Time(row.Since), Time(row.Issued));
                return true;
            case AddressFreed freed:
                _freed.Add(freed.Ip.ToString(), freed.Generation, freed.Pool, Time(freed.ReleasedAt), freed.Why);
                return true;
            case BlockStands(var row):
                _blocks.Add(
                    row.Block.ToString(), row.Pool, row.Owner?.ToString(), row.Version, row.Size, row.Free, row.Assigned, row.Cooling, row.HostReserved, row.Borrowed,
                    Time(row.ClaimedAt), Time(row.CoolingSince));
                return true;
            default:
                return false;
        }
    }

    /// <summary>PostgreSQL keeps microseconds; what is finer is cut off, as everywhere. The driver takes the first instant of all times for the infinite past.</summary>
    private DateTime? Time(DateTimeOffset? time)
    {
        if (time is not { } some)
        {
            return null;
        }

        var whole = new DateTime(some.UtcTicks - (some.UtcTicks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc);
        _timesFit &= whole > DateTime.MinValue;
        return whole;
    }

    private static string List(IEnumerable<string> items) => "{" + string.Join(',', items) + "}";

    /// <summary>Lists of one length: the columns of rows to come.</summary>
    private sealed class Columns
    {
        private readonly Action<object?>[] _adds;

        public Columns(params ImmutableArray<NpgsqlDbType> types)
        {
            Types = types;
            Lists = new object[types.Length];
            _adds = new Action<object?>[types.Length];
            for (var i = 0; i < types.Length; i++)
            {
                (Lists[i], _adds[i]) = types[i] switch
                {
                    NpgsqlDbType.Text => List<string?>(),
                    NpgsqlDbType.Bigint => List<long>(),
                    NpgsqlDbType.Integer => List<int>(),
                    NpgsqlDbType.Uuid => List<Guid>(),
                    NpgsqlDbType.TimestampTz => List<DateTime?>(),
                    _ => throw new ArgumentOutOfRangeException(nameof(types), types[i], "There are no such columns."),
                };
            }
        }

        public ImmutableArray<NpgsqlDbType> Types { get; }

        public object[] Lists { get; }

        public void Add(params ReadOnlySpan<object?> row)
        {
            for (var i = 0; i < row.Length; i++)
            {
                _adds[i](row[i]);
            }
        }

        private static (object, Action<object?>) List<T>()
        {
            var list = new List<T>();
            return (list, value => list.Add((T)value!));
        }
    }
}
