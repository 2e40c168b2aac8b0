using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Forwarding;

/// <summary>Members that did not answer lately: they are left in peace for a while, so that not every request waits for them.</summary>
/// <remarks>A suspicion holds for one incarnation: a process that was started again is asked at once. At most one entry a member of the table.</remarks>
internal sealed class Suspicions(TimeProvider time, IChance chance, TimeSpan length)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Incarnation, DateTimeOffset Until)> _suspects = [];

    public bool Has(MemberRow member)
    {
        lock (_gate)
        {
            return _suspects.TryGetValue(member.Name, out var suspicion) && suspicion.Incarnation == member.Incarnation && suspicion.Until > time.GetUtcNow();
        }
    }

    /// <summary>Whether it is to be passed by. When its time is over one request is let through to see; the others pass it by until that one has its answer, or <paramref name="patience"/> is over.</summary>
    public bool PassesBy(MemberRow member, TimeSpan patience)
    {
        lock (_gate)
        {
            if (!_suspects.TryGetValue(member.Name, out var suspicion) || suspicion.Incarnation != member.Incarnation)
            {
                return false;
            }

            var now = time.GetUtcNow();
            if (suspicion.Until > now)
            {
                return true;
            }

            _suspects[member.Name] = (member.Incarnation, now + patience);
            return false;
        }
    }

    /// <summary>It answered.</summary>
    public void Clear(MemberRow member)
    {
        lock (_gate)
        {
            _suspects.Remove(member.Name);
        }
    }

    /// <summary>Suspects it for a length that differs by up to a fifth, so that members do not all come back to it at one instant.</summary>
    public void Add(MemberRow member)
    {
        var until = time.GetUtcNow() + (length * 0.8) + TimeSpan.FromMilliseconds(chance.Next((int)Math.Max(1, length.TotalMilliseconds * 0.4)));
        lock (_gate)
        {
            _suspects[member.Name] = (member.Incarnation, until);
        }
    }
}
