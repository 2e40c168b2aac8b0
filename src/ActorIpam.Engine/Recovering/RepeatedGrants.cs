using ActorIpam.Domain;
using ActorIpam.Engine.Door;

namespace ActorIpam.Engine.Recovering;

/// <summary>Whether a request that is known may be answered with its grant again.</summary>
internal static class RepeatedGrants
{
    /// <returns>Why not: the journal recovers, and the grant may have been finished behind the backup, and its address given to somebody else. Null if it may.</returns>
    /// <remarks>
    /// A member that has just been started looks at the catalog first: a full handle is answered before anything is planned. One that remembers a recovery looks whether
    /// it goes on: this "no" is fenced by nothing that would tell.
    /// </remarks>
    public static async Task<Refusal?> RefusalAsync(Workplace workplace, CancellationToken cancellation)
    {
        var recovery = (await workplace.Supplies.Sights.PolicyAsync(cancellation)).Catalog.Recovery;
        if (recovery is not null)
        {
            recovery = (await workplace.CatalogAsync(cancellation)).Catalog.Recovery;
        }

#if PLANTED_BUGS
        recovery = EventSourcing.Planted.Is("repeats-grants-while-recovering") ? null : recovery;
#endif
        return recovery?.Refusal;
    }
}
