using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Histories;

/// <summary>From when to when the store said that somebody holds an address.</summary>
/// <param name="Row">What it said.</param>
/// <param name="From">The instant of the commit that began it.</param>
/// <param name="To">The instant of the commit that ended it; <see cref="Exchange.Never"/> while it lasts.</param>
public sealed record Tenure(AddressRow Row, long From, long To)
{
    public IpAddress Ip => Row.Ip;

    public long Generation => Row.Generation;

    public string? Handle => Row.Handle;

    public Owner Holder => Row.Holder;

    public bool Lasts => To == Exchange.Never;

    /// <summary>All tenures, in the order they began.</summary>
    public static IReadOnlyList<Tenure> Of(IEnumerable<Commit> commits)
    {
        var tenures = new List<Tenure>();
        var open = new Dictionary<(IpAddress, long), int>();
        foreach (var commit in commits)
        {
            foreach (var freed in commit.Changes<IpamViewChange.AddressFreed>())
            {
                if (open.Remove((freed.Ip, freed.Generation), out var place))
                {
                    tenures[place] = tenures[place] with { To = commit.Instant };
                }
            }

            foreach (var held in commit.Changes<IpamViewChange.AddressHeld>())
            {
                open[(held.Row.Ip, held.Row.Generation)] = tenures.Count;
                tenures.Add(new(held.Row, commit.Instant, Exchange.Never));
            }
        }

        return tenures;
    }
}
