using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.InMemory;

/// <summary>The member table as it is meant, in memory: for members in one process.</summary>
/// <param name="clock">The table's own clock.</param>
/// <param name="catalog">Where the catalog stands.</param>
public sealed class MemoryMemberTable(TimeProvider clock, Func<Head> catalog) : IMemberTable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, MemberRow> _rows = new(StringComparer.Ordinal);
    private long _incarnations;

    public ValueTask<long> DrawIncarnationAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(++_incarnations);
        }
    }

    public ValueTask<MembersRead> BeatAsync(MemberRow mine, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var stored = _rows.GetValueOrDefault(mine.Name);
            if (stored is null || stored.Incarnation <= mine.Incarnation)
            {
                var drains = mine.IsDraining || (stored?.Incarnation == mine.Incarnation && stored.IsDraining);
                _rows[mine.Name] = mine with { At = clock.GetUtcNow(), IsDraining = drains };
            }

            return ValueTask.FromResult(new MembersRead(clock.GetUtcNow(), catalog(), [.. _rows.Values]));
        }
    }

    public ValueTask<bool> AskToLeaveAsync(string name, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (!_rows.TryGetValue(name, out var row))
            {
                return ValueTask.FromResult(false);
            }

            _rows[name] = row with { IsDraining = true };
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask RemoveAsync(string name, long incarnation, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_rows.GetValueOrDefault(name)?.Incarnation == incarnation)
            {
                _rows.Remove(name);
            }

            return ValueTask.CompletedTask;
        }
    }
}
