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
        var (outcomes, trouble) = TryCommit(batch.AsSpan());
        return trouble switch
        {
            null => outcomes,
            Outcome.Unknown { } unknown => [.. batch.Select(_ => unknown)],
            _ when batch.Length == 1 => [trouble],
            _ => [.. batch.Select(CommitAlone)],
        };
    }

    private Outcome CommitAlone(Unit unit)
    {
        var (outcomes, trouble) = TryCommit([unit]);
        return trouble ?? outcomes[0];
    }

    private (ImmutableArray<Outcome> Outcomes, Outcome? Trouble) TryCommit(ReadOnlySpan<Unit> units)
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
            return (outcomes.MoveToImmutable(), null);
        }
        catch (Exception trouble) when (trouble is SqliteFailure or InvariantViolationException)
        {
            return ([], OutcomeOf(trouble, stage, RollBack()));
        }
    }

    /// <remarks>
    /// A unit that was not judged may have been written by an earlier attempt: only the journal could tell, and it did not answer. A full disk at
    /// the commit is certain, because the page that carries the commit mark is the last one written; any other error there is not.
    /// </remarks>
    private static Outcome OutcomeOf(Exception trouble, Stage stage, bool rolledBack) => trouble switch
    {
        SqliteFailure { StorageIsFull: true } when rolledBack && stage != Stage.Judging => new Outcome.Failed(JournalFault.StorageFull, trouble.Message),
        _ when !rolledBack || stage is Stage.Judging or Stage.Committing => new Outcome.Unknown(trouble.Message),
        InvariantViolationException or SqliteFailure { IsBrokenInvariant: true } => new Outcome.Failed(JournalFault.BrokenInvariant, trouble.Message),
        _ => new Outcome.Failed(JournalFault.Unreachable, trouble.Message),
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
}
