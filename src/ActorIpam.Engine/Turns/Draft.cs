using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Pools;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Actors;

namespace ActorIpam.Engine.Turns;

/// <summary>The unit in the making: tentative states, and every head that was looked at on the way.</summary>
/// <remarks>
/// Plans work on this alone; they are pure but for what they record here. What they lack they get as null: the need is noted, the plan gives up,
/// the turn fetches it and plans again. INV-15: whatever was looked at is fenced or appended to, so an answer holds at the commit.
/// </remarks>
internal sealed partial class Draft(Supplies supplies, Needs needs, PolicySight policy, Hold hold, DateTimeOffset clock)
{
    private DraftState _state = DraftState.Empty;

    public PolicySight Policy => policy;

    public ResourceCatalog Catalog => policy.Catalog;

    public Needs Needs => needs;

    /// <summary>The member's clock when the turn began. A decision about a block uses <see cref="NowFor"/>.</summary>
    public DateTimeOffset Clock => clock;

    /// <summary>Who has room, as this plan sees it; null when nobody has looked. It stays, also when it is found to prove nothing.</summary>
    public RoomSnapshot? Room { get; } = needs.Room;

    /// <summary>How many addresses the unit assigns or releases so far.</summary>
    public int Touched => _state.Touched;

    /// <summary>A block was passed over because the outcome of a unit on it is unknown.</summary>
    public bool SkippedDoubtful { get; private set; }

    public DraftState Mark() => _state;

    /// <summary>Takes back everything since the mark. What was looked at stays fenced: an answer may rest on it.</summary>
    public void Rewind(DraftState mark)
    {
        var looked = _state.Changes.Where(change => !mark.Changes.ContainsKey(change.Key));
        _state = mark with { Fences = _state.Fences.SetItems(looked.Select(static change => new KeyValuePair<StreamId, Head>(change.Key, change.Value.Expected))) };
    }

    /// <summary>Time for a decision about a block: never before its last event.</summary>
    public DateTimeOffset NowFor(Block block) => block.LastEventAt > clock ? block.LastEventAt : clock;

    public void Put(Change change) => _state = _state with { Changes = _state.Changes.SetItem(change.Stream, change) };

    /// <summary>A block with an address assigned or released.</summary>
    public void PutTouched(BlockChange change, int count)
    {
        Put(change);
        _state = _state with { Touched = _state.Touched + count };
    }

    /// <summary>
    /// True when this unit already guards the same handle or request: both would be judged against what is stored and not against each other,
    /// so the second command waits for the next turn.
    /// </summary>
    public bool IsGuarded(string? handle, string? requestId)
    {
#if PLANTED_BUGS
        handle = Planted.Is("a-handle-twice-in-a-unit") || Planted.Is("a-request-twice-in-a-unit") ? null : handle;
        requestId = Planted.Is("a-request-twice-in-a-unit") ? null : requestId;
#endif
        return _state.Guards.Exists(guarded => guarded.Guard switch
        {
            IpamGuard.HandleOpen open => handle is not null && open.Handle == handle,
            IpamGuard.HandleClose close => handle is not null && close.Handle == handle,
            IpamGuard.NewRequest request => requestId is not null && request.Id == requestId,
            _ => false,
        });
    }

    public void Guard(Command command, Guard guard) => _state = _state with { Guards = _state.Guards.Add((command, guard)) };

    /// <summary>The set of blocks of this owner changes with this unit.</summary>
    public void Raise(Owner owner)
    {
#if PLANTED_BUGS
        if (Planted.Is("owner-not-raised"))
        {
            return;
        }

#endif
        _state = _state with { Raised = _state.Raised.Add(owner) };
    }

    public void FencePolicy()
    {
#if PLANTED_BUGS
        if (Planted.Is("no-policy-fence"))
        {
            return;
        }

#endif
        Fence(Streams.Policy, policy.Head);
    }

    /// <summary>The owner's node stays as it was seen. Virtual owners have none.</summary>
    public void FenceNode(OwnerSight sight)
    {
#if PLANTED_BUGS
        if (Planted.Is("no-node-fence"))
        {
            return;
        }

#endif
        if (sight.Owner.Kind == OwnerKind.Host)
        {
            Fence(Streams.Node(sight.Owner.Name), sight.Node);
        }
    }

    /// <summary>The owner's set of blocks stays as it was seen.</summary>
    public void FenceHost(OwnerSight sight)
    {
#if PLANTED_BUGS
        if (Planted.Is("no-host-fence"))
        {
            return;
        }

#endif
        Fence(Streams.Host(sight.Owner), sight.Host);
    }

    public void Fence(StreamId stream, Head head) => _state = _state with { Fences = _state.Fences.SetItem(stream, head) };

    /// <summary>The blocks of an owner as they would be after this unit: those seen, without those given back, with those claimed.</summary>
    public IEnumerable<Cidr> BlocksOf(OwnerSight sight) => _state.BlocksOf(sight);

    /// <summary>Notes that a block was claimed in this unit.</summary>
    public void NoteClaim(Owner owner, Cidr block) => _state = _state with { Claimed = _state.Claimed.Add((owner, block)) };

    /// <summary>The unit, or null when nothing was looked at and nothing is to be written.</summary>
    public DraftedUnit? ToUnit(CommitId commit, string member)
    {
        var changes = _state.Changes.Values.Where(static change => change.HasEvents).OrderBy(static change => change.Stream).ToImmutableArray();
        foreach (var looked in _state.Changes.Values.Where(static change => !change.HasEvents))
        {
            Fence(looked.Stream, looked.Expected);
        }

        var fences = _state.Fences.Where(fence => changes.All(change => change.Stream != fence.Key));
        var unit = new Unit(commit)
        {
            At = clock,
            Member = member,
            Appends = [.. changes.Select(static change => change.ToAppend())],
            Fences = [.. fences.Select(static fence => new Fence(fence.Key, fence.Value)).OrderBy(static fence => fence.Stream)],
            Raises = [.. _state.Raised.Select(Streams.Host).Order()],
            Guards = [.. _state.Guards.Select(static guard => guard.Guard)],
            Views = [.. changes.SelectMany(change => change.ToViews(clock))],
        };
        return unit.IsQuestion && unit.Fences.IsEmpty
            ? null
            : new(unit, changes, [.. _state.Guards.Select(static guard => guard.Command)], [.. _state.Raised]);
    }
}
