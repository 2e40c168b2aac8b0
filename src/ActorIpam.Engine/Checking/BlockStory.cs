using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Checking;

/// <summary>What the rows of a block's stream tell of those who held its addresses and of those whose it was, row by row.</summary>
internal sealed class BlockStory
{
    private readonly Cidr _range;
    private readonly Block _start;
    private readonly Dictionary<(int Ordinal, long Generation), RecordedGrant> _grants = [];
    private readonly Dictionary<(int Ordinal, long Generation), RecordedRelease> _releases = [];
    private readonly List<RecordedOwner> _owners = [];
    private Block _block;
    private DateTimeOffset _lastPassing = DateTimeOffset.MinValue;

    /// <param name="range">The block.</param>
    /// <param name="start">The state it begins with: that of a snapshot, or the beginning.</param>
    /// <param name="startVersion">The version of that state.</param>
    public BlockStory(Cidr range, Block start, long startVersion)
    {
        (_range, _start, _block, StartVersion, KnownFrom) = (range, start, start, startVersion, start.LastEventAt);
        AtStart = start.IsOpen ? (new(range, startVersion, start.Pool, start.Owner, default, null, "", null), default) : null;
    }

    /// <summary>The version that is told from: 0 for a stream that is kept whole.</summary>
    public long StartVersion { get; }

    /// <summary>The time of the snapshot it begins with: what that holds was assigned by then.</summary>
    public DateTimeOffset KnownFrom { get; private set; }

    /// <summary>What each assignment recorded: a snapshot tells neither the time of an assignment nor its digest.</summary>
    public IReadOnlyDictionary<(int Ordinal, long Generation), RecordedGrant> Grants => _grants;

    public IReadOnlyDictionary<(int Ordinal, long Generation), RecordedRelease> Releases => _releases;

    /// <summary>Whose it was, from the first change behind the start on.</summary>
    public IReadOnlyList<RecordedOwner> Owners => _owners;

    /// <summary>Whose it was at the start, if it was anybody's, and when that ended.</summary>
    public (BlockHistoryRow Row, DateTimeOffset Decided)? AtStart { get; private set; }

    /// <summary>What was assigned in rows that may be cut, and was held no longer at the start: who it was nobody can say any more.</summary>
    public bool WasReleasedBefore(int ordinal, long generation) => StartVersion > 0 && Generations.VersionOf(generation) < StartVersion
        && !(_start.IsOpen && _start.Slots[ordinal] is { State: SlotState.Held } slot && slot.Generation == generation);

    /// <summary>A row that the state at the start covers.</summary>
    public void Before(JournalRow row, IReadOnlyList<BlockEvent> facts)
    {
        NoteGrants(row, facts);
        KnownFrom = row.At > _block.LastEventAt ? row.At : _block.LastEventAt;
    }

    /// <summary>The next row.</summary>
    /// <returns>The state behind it.</returns>
    public Block Then(JournalRow row, IReadOnlyList<BlockEvent> facts)
    {
        var before = _block;
        NoteGrants(row, facts);
        string? reason = null;
        string? last = null;
        foreach (var fact in facts)
        {
            if (fact is BlockEvent.AddressReleased released)
            {
                _releases[(released.Ordinal, released.Generation)] = new(released.ReleasedAt, released.Why, _block.Slots[released.Ordinal], _block.Pool);
            }

            var word = ReasonOf(fact);
            (reason, last) = (reason ?? word, word ?? last);
            _block = _block.Apply(fact);
        }

        if (last is not null && (before.IsOpen || _block.IsOpen))
        {
            Pass(row, before, reason!, last);
        }

        return _block;
    }

    /// <remarks>A turn's now is never before the last event of its block, whatever the clock of its member says.</remarks>
    private void NoteGrants(JournalRow row, IReadOnlyList<BlockEvent> facts)
    {
        var now = row.Version > StartVersion && _block.LastEventAt > row.At ? _block.LastEventAt : row.At;
        foreach (var assigned in facts.OfType<BlockEvent.AddressAssigned>())
        {
            _grants[(assigned.Ordinal, assigned.Generation)] = new(now, assigned.AttributesDigest);
        }
    }

    private void Pass(JournalRow row, Block before, string ended, string begun)
    {
        var now = _block.LastEventAt > row.At ? _block.LastEventAt : row.At;
        now = _lastPassing > now ? _lastPassing : now;
        _lastPassing = now;
        if (before.IsOpen && _owners.Count > 0)
        {
            _owners[^1] = _owners[^1] with { Row = _owners[^1].Row with { To = now, Ended = ended }, EndDecided = row.At };
        }
        else if (before.IsOpen && AtStart is { } atStart)
        {
            AtStart = (atStart.Row with { To = now, Ended = ended }, row.At);
        }

        if (_block.IsOpen)
        {
            _owners.Add(new(new(_range, row.Version, _block.Pool, _block.Owner, now, null, begun, null), row.At, default));
        }
    }

    /// <summary>Why the block is not as before; what a claim was for, only the pool's stream knows.</summary>
    private static string? ReasonOf(BlockEvent fact) => fact switch
    {
        BlockEvent.Opened => "",
        BlockEvent.AffinityLost lost => lost.Why,
        BlockEvent.Moved moved => moved.Why,
        BlockEvent.Closed closed => closed.Why,
        _ => null,
    };
}

/// <param name="Since">When it was assigned.</param>
/// <param name="Digest">The digest of its attributes; null when it had none.</param>
internal readonly record struct RecordedGrant(DateTimeOffset Since, string? Digest);

/// <param name="At">When it was released.</param>
/// <param name="Why">Why.</param>
/// <param name="Held">Who had held it.</param>
/// <param name="Pool">The uid of the pool its block lay in.</param>
internal readonly record struct RecordedRelease(DateTimeOffset At, string Why, Slot Held, string Pool);

/// <param name="Row">What history must tell; of a claim without what it was for.</param>
/// <param name="BeginDecided">When the unit that began it was decided, by the clock of its member.</param>
/// <param name="EndDecided">The same of the unit that ended it.</param>
internal sealed record RecordedOwner(BlockHistoryRow Row, DateTimeOffset BeginDecided, DateTimeOffset EndDecided);
