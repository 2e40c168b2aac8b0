using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Actors;

namespace ActorIpam.Engine.Turns;

/// <summary>What plans asked for and did not have. The turn fetches it and plans again; it only grows until the turn has committed.</summary>
internal sealed class Needs
{
    /// <summary>Entries to lock: their streams will be written, or must not move while others are decided.</summary>
    public Dictionary<StreamId, Entry> Held { get; } = [];

    /// <summary>Entries to read without a lock; they are fenced.</summary>
    public Dictionary<StreamId, Entry> Read { get; } = [];

    /// <summary>The entry that was asked for; null when none was.</summary>
    public Entry? Known(StreamId stream)
    {
#if PLANTED_BUGS
        if (Planted.Is("what-is-passivated-is-lacking"))
        {
            return null;
        }

#endif
        return Held.GetValueOrDefault(stream) ?? Read.GetValueOrDefault(stream);
    }

    public HashSet<Owner> Owners { get; } = [];

    /// <summary>Ranges whose blocks with room must be seen, with the start of the walk.</summary>
    public Dictionary<Cidr, RoomWalk> Walks { get; } = [];

    /// <summary>Pools whose heads must be seen in the same snapshot.</summary>
    public HashSet<StreamId> WalkedPools { get; } = [];

    /// <summary>How many blocks of each walk are looked at; raised when they were too few to prove anything.</summary>
    public int MostOfWalk { get; set; } = 64;

    /// <summary>Who was seen to have room, and stays seen so for the turn; null before anybody looked, and when it proved nothing or a unit was lost.</summary>
    public RoomSnapshot? Room { get; set; }

    /// <summary>Pools that were seen to have no room. They may be seen so and not yet durably: it is proven when it is seen again behind a commit.</summary>
    public HashSet<Cidr> FullUntilCommit { get; } = [];

    /// <summary>Pools that were seen to have no room, with a commit since.</summary>
    public HashSet<Cidr> FullBeforeCommit { get; } = [];

    /// <summary>Nothing was asked for yet.</summary>
    public bool AreNone => Count == 0;

    /// <summary>How much was asked for so far.</summary>
    public int Count => Held.Count + Read.Count + Owners.Count + Walks.Count;

    /// <summary>True when a plan could not go on for lack of something.</summary>
    public bool IsUnmet { get; set; }
}
