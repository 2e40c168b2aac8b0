using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.JournalContract.Programs;

/// <summary>Deals guards of all three kinds over few requests, handles and moments.</summary>
internal sealed class GuardDealer(Dice dice)
{
    public ImmutableArray<Guard> Some() => [.. Enumerable.Range(0, 1 + dice.Below(3)).Select(_ => Next())];

    private Guard Next() => dice.Below(10) switch
    {
        < 4 => new IpamGuard.NewRequest(dice.Of(Universe.Requests), $"digest-{dice.Below(3)}", Issued(), dice.Percent(80) ? dice.Of(Universe.Handles) : null, Grants()),
        < 8 => new IpamGuard.HandleOpen(dice.Of(Universe.Handles), Issued(), Caps()),
        _ => new IpamGuard.HandleClose(dice.Of(Universe.Handles), Universe.Moment(dice.Below(12))),
    };

    // Requests live longer than releases reach, so that some win after a release and some are replaced.
    private DateTimeOffset? Issued() => dice.Percent(85) ? Universe.Moment(dice.Below(18)) : null;

    private ImmutableArray<Grant> Grants() => [.. dice.Some(Universe.Addresses, 3).Select(ip => new Grant(ip, dice.Below(1_000_000)))];

    private ImmutableArray<HandleCap> Caps() =>
        [.. dice.Some([IpFamily.V4, IpFamily.V6], 2).Select(family => new HandleCap(family, 1 + dice.Below(6), dice.Below(3)))];
}
