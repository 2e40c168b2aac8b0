using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Laws;

/// <summary>INV-11, its second half: within a block addresses are given in the order they became free; only reserved ones are passed over (semantics.md §7.3).</summary>
/// <remarks>A naive second queue, kept from the events alone: a list of ordinals.</remarks>
public static class ReuseIsInOrder
{
    public static IEnumerable<Violation> Judge(History history)
    {
        var queues = new Dictionary<Cidr, List<int>>();
        foreach (var commit in history.Commits)
        {
            foreach (var append in commit.Unit.Appends.Where(append => append.Stream.Value.StartsWith("block/", StringComparison.Ordinal)))
            {
                var range = Cidr.Parse(append.Stream.Value["block/".Length..]);
                var facts = BlockEventCodec.Instance.Read(append.Events, append.Schema);
                foreach (var wrong in Play(facts, range, queues, commit))
                {
                    yield return new("INV-11", commit.Instant, wrong);
                }
            }
        }
    }

    private static IEnumerable<string> Play(IReadOnlyList<BlockEvent> facts, Cidr range, Dictionary<Cidr, List<int>> queues, Commit commit)
    {
        // What one unit releases it does not assign again: those are passed over too.
        var touched = facts.OfType<BlockEvent.AddressReleased>().Select(released => released.Ordinal).ToHashSet();
        foreach (var fact in facts)
        {
            switch (fact)
            {
                case BlockEvent.Opened opened:
                    var (start, end) = (opened.HostReserved?.Start ?? 0, opened.HostReserved?.End ?? 0);
                    queues[range] = [.. Enumerable.Range(start, (int)range.Size - start - end)];
                    break;
                case BlockEvent.CooldownEnded ended:
                    if (!ended.Ordinals.SequenceEqual(ended.Ordinals.Order()))
                    {
                        yield return $"{range} ends cooldowns out of order: {string.Join(", ", ended.Ordinals)}.";
                    }

                    queues[range].AddRange(ended.Ordinals);
                    break;
                case BlockEvent.AddressAssigned assigned:
                    var first = queues[range].Where(ordinal => ordinal == assigned.Ordinal || !(touched.Contains(ordinal) || IsReserved(range, ordinal, commit))).First();
                    if (first != assigned.Ordinal && assigned.Why is not ("asked" or "adopted"))
                    {
                        yield return $"{range.First.Plus((UInt128)assigned.Ordinal)} was given before {range.First.Plus((UInt128)first)}, which was free for longer.";
                    }

                    queues[range].Remove(assigned.Ordinal);
                    break;
            }
        }
    }

    private static bool IsReserved(Cidr range, int ordinal, Commit commit) => StoredPolicy.Of(commit.After).IsReserved(range.First.Plus((UInt128)ordinal));
}
