namespace ActorIpam.Engine.Door;

/// <summary>The doors that change who holds what, on one workplace.</summary>
internal sealed class AddressDoors
{
    public AddressDoors(Workplace workplace)
    {
        Assigning = new(workplace);
        Releasing = new(workplace);
        Affinities = new(workplace, Assigning);
        Garbage = new(workplace, Releasing);
    }

    public AssignDoor Assigning { get; }

    public ReleaseDoor Releasing { get; }

    public AffinityDoor Affinities { get; }

    public GarbageDoor Garbage { get; }
}
