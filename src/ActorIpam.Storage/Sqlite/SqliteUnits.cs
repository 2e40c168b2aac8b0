using System.Collections.Immutable;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage.Sqlite;

/// <summary>Judges units one by one and writes the winners, inside the writer's transaction. What is judged sees what was written before it.</summary>
/// <remarks>Everything is judged before anything of a unit is written, so that a unit that loses leaves nothing to undo.</remarks>
internal sealed class SqliteUnits(SqliteConnection connection)
{
    private readonly SqliteGuards _guards = new(connection);
    private readonly SqliteViewChanges _views = new(connection);

    /// <summary>What becomes of the unit; null when it wins and must be written.</summary>
    public Outcome? Judge(Unit unit)
    {
        if (UnitShape.FlawOf(unit) is { } flaw)
        {
            return new Outcome.Failed(JournalFault.BrokenInvariant, flaw);
        }

        var moved = Moved(unit);
        if (!moved.IsEmpty)
        {
            return IsWritten(unit) ? Outcome.AlreadyMine.Instance : new Outcome.Lost(moved);
        }

        var refused = _guards.Refusals(unit);
        if (!refused.IsEmpty)
        {
            return new Outcome.Refused(refused);
        }

        return _views.MisfitOf(unit) is { } misfit ? new Outcome.Failed(JournalFault.BrokenInvariant, misfit) : null;
    }

    public void Write(Unit unit)
    {
        foreach (var append in unit.Appends)
        {
            var head = append.Expected.Next(unit.Commit);
            Raise(append.Stream, head);
            connection.Prepare("INSERT INTO journal (stream, version, commit_id, at, member, schema, events) VALUES (?, ?, ?, ?, ?, ?, ?)")
                .With(append.Stream.Value).With(head.Version).With(head.Commit.Key()).With(unit.At.UtcTicks).With(unit.Member)
                .With(append.Schema).With(append.Events).Run();
        }

        foreach (var stream in unit.Raises.Distinct())
        {
            Raise(stream, SqliteRows.HeadOf(connection, stream).Next(unit.Commit));
        }

        _guards.Write(unit);
        _views.Write(unit);
    }

    private ImmutableArray<StreamId> Moved(Unit unit)
    {
        List<StreamId>? moved = null;
        foreach (var append in unit.Appends)
        {
            Compare(append.Stream, append.Expected, ref moved);
        }

        foreach (var fence in unit.Fences)
        {
            Compare(fence.Stream, fence.Expected, ref moved);
        }

        return moved is null ? [] : [.. moved.Distinct().Order()];
    }

    private void Compare(StreamId stream, Head expected, ref List<StreamId>? moved)
    {
        if (SqliteRows.HeadOf(connection, stream) != expected)
        {
            (moved ??= []).Add(stream);
        }
    }

    private bool IsWritten(Unit unit) =>
        unit.Appends is [var first, ..] && SqliteRows.CommitOf(connection, first.Stream, first.Expected.Version + 1) == unit.Commit;

    private void Raise(StreamId stream, Head head) =>
        connection.Prepare(
            """
            INSERT INTO stream (id, version, commit_id) VALUES (?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, commit_id = excluded.commit_id
            """).With(stream.Value).With(head.Version).With(head.Commit.Key()).Run();
}
