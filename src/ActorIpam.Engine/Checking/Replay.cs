using ActorIpam.Domain.Requests;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Actors;

namespace ActorIpam.Engine.Checking;

/// <summary>Folds a stream from its first event, whatever this member remembers of it.</summary>
internal static class Replay
{
    /// <summary>How often something that moves is looked at again before it is left to the next check.</summary>
    public const int Looks = 5;

    /// <returns>The state and the head; null when the stream is broken, which is noted.</returns>
    public static async Task<(TState State, Head Head)?> OfAsync<TState, TEvent>(
        MemberPorts ports, Findings findings, StreamId stream, TState beginning, IEventCodec<TEvent> codec, CancellationToken cancellation)
        where TState : class, IAggregate<TState, TEvent>
    {
        var entry = new Entry<TState, TEvent>(stream, beginning, codec);
        try
        {
            await entry.RefreshAsync(ports.Journal, cancellation);
            return entry.Recall();
        }
        catch (Exception broken) when (broken is InvariantViolationException or UnreadableEventException)
        {
            findings.Add(CheckKind.StreamBroken, stream.Value, broken.Message);
            return null;
        }
    }
}
