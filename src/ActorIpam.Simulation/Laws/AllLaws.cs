using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Simulation.Laws;

/// <summary>Every law that a history is held against.</summary>
public static class AllLaws
{
    public static IEnumerable<Violation> Judge(History history, WorldPlan plan) =>
    [
        .. OneHolder.Judge(history),
        .. NothingLost.Judge(history),
        .. RestoredJournals.Judge(history),
        .. NothingLeaks.Judge(history),
        .. ReleasesRelease.Judge(history),
        .. FinalReleases.Judge(history),
        .. BlocksAddUp.Judge(history),
        .. ViewsAreTheFold.Judge(history),
        .. WhatIsKeptIsTheFold.Judge(history),
        .. OwnershipIsReasoned.Judge(history),
        .. BorrowingWasNeeded.Judge(history),
        .. VersionsHaveNoGap.Judge(history),
        .. PolicyIsObeyed.Judge(history),
        .. CooldownIsKept.Judge(history, plan),
        .. ReuseIsInOrder.Judge(history),
        .. CapsHold.Judge(history),
        .. BlockLimitsHold.Judge(history, plan),
        .. GrantedOnce.Judge(history),
        .. DeclinedMeansNothing.Judge(history),
        .. OwnEffects.Judge(history),
        .. AnswersWereTrue.Judge(history, plan),
        .. RefusalsWereTrue.Judge(history),
        .. NobodyGuesses.Judge(history),
        .. ExhaustionWasTrue.Judge(history, plan),
        .. AddressesAreLinearizable.Judge(history, plan),
        .. RoutesWereTrue.Judge(history),
        .. SplitsLoseNothing.Judge(history),
        .. TunnelsAreKept.Judge(history, plan),
        .. MemoryIsKept.Judge(history, plan),
        .. SweepsFinish.Judge(history, plan),
    ];
}
