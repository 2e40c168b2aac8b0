using System.Collections.Immutable;
using ActorIpam.EventSourcing;

namespace ActorIpam.Storage.Sqlite;

/// <summary>Turns batches into transactions, and whatever goes wrong into honest outcomes.</summary>
internal sealed class SqliteTransactions(SqliteConnection connection)
{
    private readonly SqliteUnits _units = new(connection);

    private enum Stage
    {
        Judging,
        Writing,
        Committing,
    }

    /// <summary>Commits a batch as one transaction. If that fails before its commit, each unit gets one of its own, so that none suffers for another.</summary>
    public ImmutableArray<Outcome> Commit(ImmutableArray<Unit> batch)
    {
        var attempt = Attempt(batch.AsSpan());
        return attempt switch
        {
            { Trouble: null } => attempt.Outcomes,
            { NothingWritten: true } when batch.Length > 1 => [.. batch.Select(CommitAlone)],
            { Trouble: var trouble } => [.. batch.Select(_ => trouble)],
        };
    }

    private Outcome CommitAlone(Unit unit)
    {
        var attempt = Attempt([unit]);
        return attempt.Trouble ?? attempt.Outcomes[0];
    }

    private Attempted Attempt(ReadOnlySpan<Unit> units)
    {
        var stage = Stage.Judging;
        try
        {
            connection.Run("BEGIN IMMEDIATE");
            var outcomes = ImmutableArray.CreateBuilder<Outcome>(units.Length);
            foreach (var unit in units)
            {
                stage = Stage.Judging;
                var outcome = _units.Judge(unit);
                if (outcome is null)
                {
                    stage = Stage.Writing;
                    _units.Write(unit);
                }

                outcomes.Add(outcome ?? Outcome.Won.Instance);
            }

            stage = Stage.Committing;
            connection.Run("COMMIT");
            return new(outcomes.MoveToImmutable(), null, NothingWritten: false);
        }
        catch (Exception trouble)
        {
            // The edge of the writer's thread: nothing may end it, and whatever went wrong must become an outcome of these units alone.
            var nothingWritten = RollBack() && (stage != Stage.Committing || trouble is SqliteFailure { StorageIsFull: true });
            return new([], OutcomeOf(trouble, stage, nothingWritten), nothingWritten);
        }
    }

    /// <remarks>
    /// A unit that was not judged may have been written by an earlier attempt: only the journal could tell, and it did not answer. A full disk at
    /// the commit is certain, because the page that carries the commit mark is the last one written; any other error there is not.
    /// </remarks>
    private static Outcome OutcomeOf(Exception trouble, Stage stage, bool nothingWritten) => trouble switch
    {
        _ when !nothingWritten || stage == Stage.Judging => new Outcome.Unknown(trouble.Message),
        SqliteFailure { StorageIsFull: true } => new Outcome.Failed(JournalFault.StorageFull, trouble.Message),
        SqliteFailure { IsBrokenInvariant: false } => new Outcome.Failed(JournalFault.Unreachable, trouble.Message),
        _ => new Outcome.Failed(JournalFault.BrokenInvariant, trouble.Message),
    };

    private bool RollBack()
    {
        try
        {
            connection.RollBack();
            return true;
        }
        catch (SqliteFailure)
        {
            return false;
        }
    }

    /// <param name="Outcomes">One a unit, when there was no trouble.</param>
    /// <param name="Trouble">What became of all the units otherwise, if they were tried alone.</param>
    /// <param name="NothingWritten">True when the attempt certainly left nothing behind.</param>
    private readonly record struct Attempted(ImmutableArray<Outcome> Outcomes, Outcome? Trouble, bool NothingWritten);
}
