using ActorIpam.Domain;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Engine.Door;

/// <summary>The doors that change who holds what, on one workplace.</summary>
internal sealed class AddressDoors
{
    private readonly Workplace _workplace;

    public AddressDoors(Workplace workplace)
    {
        _workplace = workplace;
        Assigning = new(workplace);
        Releasing = new(workplace);
        Affinities = new(workplace, Assigning);
        Garbage = new(workplace, Releasing);
    }

    public AssignDoor Assigning { get; }

    public ReleaseDoor Releasing { get; }

    public AffinityDoor Affinities { get; }

    public GarbageDoor Garbage { get; }

    /// <summary>What this member remembers of its own decisions, and nothing that the journal tells everybody.</summary>
    public Answer<ExplainAnswer> Remembered(ExplainQuery query) => new ExplainAnswer { Decisions = ExplainDoor.Remembered(_workplace, query) };
}
