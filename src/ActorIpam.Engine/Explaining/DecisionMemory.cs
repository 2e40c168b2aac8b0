using System.Collections.Immutable;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Engine.Explaining;

/// <summary>The last decisions of this member, bounded by bytes: the oldest are forgotten first. What was granted stands in the journal; this is for what was not.</summary>
/// <param name="mostBytes">About so much memory; 0 remembers nothing.</param>
internal sealed class DecisionMemory(long mostBytes)
{
    /// <summary>What a remembered decision takes besides its texts: the record, its arrays and the place in the queue.</summary>
    private const int Overhead = 200;

    private readonly Lock _gate = new();
    private readonly Queue<(RememberedDecision Decision, long Bytes)> _decisions = [];
    private long _bytes;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _decisions.Count;
            }
        }
    }

    public void Add(RememberedDecision decision)
    {
        var bytes = SizeOf(decision);
        lock (_gate)
        {
            if (bytes > mostBytes)
            {
                return;
            }

            _decisions.Enqueue((decision, bytes));
            _bytes += bytes;
            while (_bytes > mostBytes)
            {
                _bytes -= _decisions.Dequeue().Bytes;
            }
        }
    }

    /// <summary>Those that fit, newest first.</summary>
    public ImmutableArray<RememberedDecision> Find(Func<RememberedDecision, bool> fits, int most)
    {
        lock (_gate)
        {
            return [.. _decisions.Reverse().Select(static kept => kept.Decision).Where(fits).Take(most)];
        }
    }

    /// <summary>The instant since which nothing was forgotten; null while nothing is remembered.</summary>
    public DateTimeOffset? Since
    {
        get
        {
            lock (_gate)
            {
                return _decisions.TryPeek(out var oldest) ? oldest.Decision.At : null;
            }
        }
    }

    private static long SizeOf(RememberedDecision decision) => Overhead
        + Text(decision.Request) + Text(decision.Handle) + Text(decision.Host) + Text(decision.Outcome) + Text(decision.Message)
        + decision.Addresses.Sum(Text) + decision.Details.Sum(Text);

    private static long Text(string? text) => text is null ? 0 : 32 + (2L * text.Length);
}
