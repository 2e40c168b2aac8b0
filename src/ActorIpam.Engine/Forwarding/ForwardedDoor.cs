using ActorIpam.Domain;
using ActorIpam.Engine.Counting;
using ActorIpam.Engine.Door;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Forwarding;

/// <summary>Where requests come in that another member has forwarded. They are served here, never forwarded again.</summary>
public sealed class ForwardedDoor
{
    private readonly Workplace _workplace;

    internal ForwardedDoor(Workplace workplace) => _workplace = workplace;

    /// <param name="call">What is asked.</param>
    /// <param name="request">As the first door completed it.</param>
    /// <param name="remaining">How long the member that asks waits; nothing is begun when it is over.</param>
    /// <param name="protocol">The protocol number of the member that asks.</param>
    /// <param name="cancellation">The member that asks waits no more.</param>
    /// <exception cref="UnavailableException">Nobody can answer here now, or in time.</exception>
    /// <exception cref="TooBusyException">A queue is full; nothing was done.</exception>
    public async Task<Answer<TAnswer>> ServeAsync<TRequest, TAnswer>(
        ForwardedCall<TRequest, TAnswer> call, TRequest request, TimeSpan remaining, int protocol, CancellationToken cancellation)
    {
        var end = ForwardEnds.Unavailable;
        try
        {
            var answer = await AnsweredAsync(call, request, remaining, protocol, cancellation);
            end = ForwardEnds.Answered;
            return answer;
        }
        catch (TooBusyException)
        {
            end = ForwardEnds.TurnedAway;
            throw;
        }
        catch (OperationCanceledException)
        {
            end = ForwardEnds.Left;
            throw;
        }
        finally
        {
            _workplace.Supplies.Counts.ForwardsServed.Add(end);
        }
    }

    private async Task<Answer<TAnswer>> AnsweredAsync<TRequest, TAnswer>(
        ForwardedCall<TRequest, TAnswer> call, TRequest request, TimeSpan remaining, int protocol, CancellationToken cancellation)
    {
        if (_workplace.Ports.Cluster?.Presence is { IsClockTrusted: false } presence)
        {
            throw presence.Distrust();
        }

        if (IsStranger(protocol))
        {
            throw new UnavailableException($"Member {_workplace.Options.Name} does not understand cluster protocol {protocol}.");
        }

        if (remaining <= TimeSpan.Zero)
        {
            throw new UnavailableException("The request had no time left when it arrived.");
        }

        var time = remaining < _workplace.Options.RequestTimeout ? remaining : _workplace.Options.RequestTimeout;
        var doors = new AddressDoors(_workplace.Until(_workplace.Ports.Time.GetUtcNow() + time));
        try
        {
            return await IpamDoor.ServedAsync(call.Serve(doors, request, cancellation));
        }
        catch (TooBusyException busy) when (_workplace.Ports.Cluster is { Presence.IsDraining: true })
        {
            // Not the queue is full: the member takes no new work. The one that asked is to serve it.
            throw new UnavailableException($"Member {_workplace.Options.Name} is about to leave.", cause: busy);
        }
    }

    /// <summary>The member that asks stood still while this one was upgraded twice, or the other way round: it has not seen yet whom it asks.</summary>
    private bool IsStranger(int protocol)
    {
#if PLANTED_BUGS
        if (EventSourcing.Planted.Is("strangers-are-heard"))
        {
            return false;
        }

#endif
        return _workplace.Ports.Cluster is { Presence.Options: var me } && !me.Understands(protocol);
    }
}
