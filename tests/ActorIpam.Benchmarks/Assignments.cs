using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.Benchmarks;

/// <summary>Units as members make them for one address each: every host assigns from a block of its own, batch after batch.</summary>
internal sealed class Assignments
{
    private const int BlockLength = 24;

    private readonly (Cidr Range, Block State, Head Head)[] _blocks;
    private readonly Grid _grid = new();
    private long _count;

    public Assignments(int hosts)
    {
        _blocks = new (Cidr, Block, Head)[hosts];
        for (var host = 0; host < hosts; host++)
        {
            _blocks[host] = _grid.Next();
        }
    }

    /// <summary>One unit a host. All are expected to win.</summary>
    public ImmutableArray<Unit> Next()
    {
        var units = ImmutableArray.CreateBuilder<Unit>(_blocks.Length);
        for (var host = 0; host < _blocks.Length; host++)
        {
            units.Add(Assign(host));
        }

        return units.MoveToImmutable();
    }

    private Unit Assign(int host)
    {
        if (_blocks[host].State.Free.Count == 0)
        {
            _blocks[host] = _grid.Next();
        }

        var (range, state, head) = _blocks[host];
        var (holder, now, handle) = (Owner.Host(FormattableString.Invariant($"node-{host}")), DateTimeOffset.UtcNow, FormattableString.Invariant($"k8s-pod-network.{_count++:000000000}"));
        List<BlockEvent> events = head == Head.None ? [new BlockEvent.Opened("4f6c1f0e-7a0e-4c1c-9d57-1f0d5b0f6a01", holder, now, null)] : [];
        state = events.Aggregate(state, static (block, fact) => block.Apply(fact));
        var (ordinal, generation) = (state.NextFree(1, static _ => false)[0], head.Version + 1);
        events.Add(new BlockEvent.AddressAssigned(ordinal, generation, handle, holder, null, now, "own", new(7, null, 1, state.Free.Count)));
        state = state.Apply(events[^1]);
        var commit = new CommitId(Guid.CreateVersion7());
        _blocks[host] = (range, state, head.Next(commit));
        var row = new AddressRow(state.AddressAt(ordinal), range, generation, handle, holder, Metadata.EmptyMap, now, now);
        return new(commit)
        {
            At = now,
            Member = "bench",
            Appends = [new(new($"block/{range}"), head, BlockEventCodec.Instance.Schema, BlockEventCodec.Instance.Write(events))],
            Fences = [new(new("policy"), Head.None), new(new($"node/{holder.Name}"), Head.None)],
            Guards = [new IpamGuard.HandleOpen(handle, now, []), new IpamGuard.NewRequest(handle, "a-digest-of-forty-three-characters-or-so--", now, handle, [new(row.Ip, generation)])],
            Views = [new IpamViewChange.AddressHeld(row), new IpamViewChange.BlockStands(state.Row(generation))],
        };
    }

    private sealed class Grid
    {
        private uint _next;

        public (Cidr, Block, Head) Next()
        {
            var range = Cidr.Containing(Cidr.Parse("10.0.0.0/8").First.Plus(_next++ << (32 - BlockLength)), BlockLength);
            return (range, Block.At(range), Head.None);
        }
    }
}
