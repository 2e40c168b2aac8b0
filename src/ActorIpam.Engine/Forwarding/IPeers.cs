using ActorIpam.Domain;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Forwarding;

/// <summary>The way to other members, as a port: connections in production, a simulated network in the simulator.</summary>
public interface IPeers
{
    /// <summary>Asks another member, once.</summary>
    /// <remarks>
    /// The request may be delivered late or not at all, and its answer may be lost; who asks has made sure that this does no harm. Delivered twice it is done once,
    /// but the second copy may be granted after the first was refused: a transport delivers once, or drops copies.
    /// Whoever asks stops waiting when the time is over, whether this returns or not.
    /// </remarks>
    /// <param name="peer">The member, as it described itself.</param>
    /// <param name="call">What is asked.</param>
    /// <param name="request">The public request, with all that the first door gave it.</param>
    /// <param name="remaining">How long the asking member will wait. It travels as a duration and begins anew on arrival.</param>
    /// <param name="cancellation">Nobody waits any more; the peer may be told.</param>
    /// <returns>The peer's answer, granted or refused: both are definite.</returns>
    /// <exception cref="Door.TooBusyException">The peer's queue is full; it has done nothing.</exception>
    /// <exception cref="Runtime.UnavailableException">The peer said so. With <c>StorageIsFull</c> it has written nothing; otherwise nobody knows.</exception>
    /// <exception cref="PeerSilentException">Anything else: nobody knows what the peer did.</exception>
    Task<Answer<TAnswer>> AskAsync<TRequest, TAnswer>(
        MemberRow peer, ForwardedCall<TRequest, TAnswer> call, TRequest request, TimeSpan remaining, CancellationToken cancellation);
}

/// <summary>A member did not answer, or not in a way that is understood. Nobody knows what it did.</summary>
public sealed class PeerSilentException(string message, Exception? inner = null) : Exception(message, inner);
