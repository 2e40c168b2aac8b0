using ActorIpam.Domain;
using ActorIpam.Domain.Catalog;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.Turns;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Actors;
using ActorIpam.Runtime.GroupCommit;

namespace ActorIpam.Engine.Recovering;

/// <summary>Writes the steps of a recovery into the catalog's stream, one event a unit.</summary>
/// <remarks>Its end raises <c>policy</c>, as its beginning did: every decision is fenced on it, so none made before is committed after. That a holder has reported changes no decision but the end's, which is appended to the same stream.</remarks>
internal sealed class RecoveryRecord(Workplace workplace, Committer committer)
{
    public static Refusal NotRecovering { get; } = new(RefusalCode.NotRecovering, "Nothing is recovering: this journal was not brought back from a backup, or its recovery has ended.");

    /// <summary>Records what is decided on the recovery as it stands.</summary>
    /// <param name="decide">The event, null when nothing is to be recorded, or why not.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="UnavailableException">Others changed the resources again and again, or the journal did not take it.</exception>
    public async Task<Refusal?> WriteAsync(Func<ResourceCatalog, Recovery, Answer<CatalogEvent?>> decide, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < workplace.Options.LossesPerTurn + 1; attempt++)
        {
            using var hold = await Entries.HoldAsync([workplace.Catalog], cancellation);
            await workplace.Catalog.RefreshAsync(workplace.Ports.Journal, cancellation);
            var (catalog, head) = workplace.Catalog.Recall();
            if (catalog.Recovery is not { } recovery)
            {
                return NotRecovering;
            }

            var decided = decide(catalog, recovery);
            if (decided.IsRefused)
            {
                return decided.Refusals[0];
            }

            if (decided.Value is not { } fact || await CommitAsync(catalog, head, fact))
            {
                return null;
            }
        }

        throw new UnavailableException("Others changed the resources at the same time, again and again.");
    }

    private async Task<bool> CommitAsync(ResourceCatalog catalog, Head head, CatalogEvent fact)
    {
        var entry = workplace.Catalog;
        var unit = new Unit(new(workplace.Ports.Chance.NewId()))
        {
            At = workplace.Ports.Time.Reading(),
            Member = workplace.Options.Name,
            Appends = [new(Streams.Catalog, head, entry.Codec.Schema, entry.Codec.Write([fact]))],
            Raises = fact is CatalogEvent.RecoveryEnded ? [Streams.Policy] : [],
        };
        switch (await committer.CommitAsync(unit))
        {
            case Outcome.Won or Outcome.AlreadyMine:
                entry.Remember(catalog.Apply(fact), head.Next(unit.Commit));
                workplace.Supplies.Sights.ForgetAll();
                await workplace.Ports.Faults.PassAsync(FaultPoint.RecoveryStepped);
                return true;
            case Outcome.Lost:
                return false;
            case Outcome.Failed failed:
                entry.MarkStale();
                throw TurnRunner.Failure(failed);
            case var other:
                throw new InvalidOperationException($"A step of a recovery ended with {other.GetType().Name}.");
        }
    }
}
