using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Engine.Counting;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.Turns;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Membership;
using ActorIpam.Runtime.Placement;

namespace ActorIpam.Engine.Forwarding;

/// <summary>Asks the member that owns a key, and remembers who did not answer.</summary>
internal sealed class Forwarder(MemberPorts ports, Presence presence, IPeers peers, MemberCounts counts, ForwardingOptions options)
{
    private readonly Suspicions _suspicions = new(ports.Time, ports.Chance, options.Suspicion);

    public Suspicions Suspicions => _suspicions;

    /// <summary>There is somebody to forward to.</summary>
    public bool HasOthers
    {
        get
        {
            var placed = presence.Seen.Placed;
            return placed.Length > 1 || (placed.Length == 1 && placed[0].Name != presence.Options.Name);
        }
    }

    /// <summary>Asks the owner of a key; where that one is suspect the next in line, which is the same for all who suspect it.</summary>
    /// <returns>A definite answer; or that nobody was asked, because this member is the one; or that who was asked was silent, and then nobody else is asked.</returns>
    /// <exception cref="TooBusyException">The owner's queue is full; nothing was done.</exception>
    /// <exception cref="UnavailableException">The storage is full; nothing was written.</exception>
    public async Task<Asked<TAnswer>> AskAsync<TRequest, TAnswer>(
        ForwardedCall<TRequest, TAnswer> call, string key, TRequest request, DateTimeOffset deadline, CancellationToken cancellation)
    {
        var left = deadline - ports.Time.GetUtcNow();
        if (left <= TimeSpan.Zero || NextOf(key) is not { } owner)
        {
            return Asked<TAnswer>.Nobody;
        }

        using var span = Tracing.Forward(call.Name, owner.Name);
        var end = ForwardEnds.Left;
        try
        {
            (end, var asked) = await AskAsync(owner, call, request, left < options.Patience ? left : options.Patience, cancellation);
            if (asked.How == HowAsked.Answered)
            {
                _suspicions.Clear(owner);
            }
            else
            {
                if (cancellation.IsCancellationRequested)
                {
                    // The caller left: the owner may be as well as ever.
                    end = ForwardEnds.Left;
                    throw new OperationCanceledException(cancellation);
                }

                counts.CountSuspicion();
                _suspicions.Add(owner);
#if PLANTED_BUGS
                if (Planted.Is("the-next-is-asked-after-silence"))
                {
                    return await AskAsync(call, key, request, deadline, cancellation);
                }

#endif
            }

            return asked;
        }
        catch (Exception no) when (no is TooBusyException or UnavailableException)
        {
            end = ForwardEnds.TurnedAway;
            throw;
        }
        finally
        {
            counts.Forwards.Add(end);
            Tracing.Note(span, end);
        }
    }

    private async Task<(string End, Asked<TAnswer> Asked)> AskAsync<TRequest, TAnswer>(
        MemberRow owner, ForwardedCall<TRequest, TAnswer> call, TRequest request, TimeSpan within, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var asking = AnsweredAsync(peers.AskAsync(owner, call, request, within, patience.Token));
        try
        {
            return await asking.WaitAsync(within, ports.Time, cancellation) is { } answer
                ? (ForwardEnds.Answered, new(HowAsked.Answered, answer))
                : (ForwardEnds.Silent, Asked<TAnswer>.Silence);
        }
        catch (TimeoutException)
        {
            // Nobody waits for it any more. It may still be done: it is named so that it is done once.
            patience.Cancel();
            return (ForwardEnds.Late, Asked<TAnswer>.Silence);
        }
    }

    /// <summary>Asks all other members at once, each for a bounded time. Suspects are asked as well: nothing waits for this but the one who asked.</summary>
    /// <returns>Each member's answer; null for one that gave none.</returns>
    public async Task<ImmutableArray<(string Member, TAnswer? Answer)>> AskAllAsync<TRequest, TAnswer>(
        ForwardedCall<TRequest, TAnswer> call, TRequest request, CancellationToken cancellation)
        where TAnswer : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var others = presence.Seen.Placed.Where(row => row.Name != presence.Options.Name).ToImmutableArray();
        var asking = others.Select(peer => OneOfAllAsync(peers.AskAsync(peer, call, request, options.Patience, patience.Token), cancellation)).ToList();
        var answers = await Task.WhenAll(asking);
        patience.Cancel();
        return [.. others.Zip(answers, static (peer, answer) => (peer.Name, answer))];
    }

    private async Task<TAnswer?> OneOfAllAsync<TAnswer>(Task<Answer<TAnswer>> asking, CancellationToken cancellation)
        where TAnswer : class
    {
        try
        {
            return await AnsweredAsync(asking).WaitAsync(options.Patience, ports.Time, cancellation) is { IsRefused: false } answer ? answer.Value : null;
        }
        catch (Exception nothing) when (nothing is TimeoutException or TooBusyException or UnavailableException)
        {
            return null;
        }
    }

    /// <summary>The first in line for a key that is not suspect; null when that is this member.</summary>
    private MemberRow? NextOf(string key)
    {
        var all = presence.Seen.Placed;
        for (var placed = all; ;)
        {
            var name = Rendezvous.OwnerOf(key, placed.Select(static row => row.Name));
            if (name is null || name == presence.Options.Name)
            {
                if (placed.Length < all.Length)
                {
                    counts.Forwards.Add(ForwardEnds.Suspect);
                }

                return null;
            }

            var owner = placed.First(row => row.Name == name);
            if (!_suspicions.PassesBy(owner, options.Patience))
            {
                return owner;
            }

            placed = placed.Remove(owner);
        }
    }

    /// <summary>The answer if it is definite, else null: nobody knows what the peer did.</summary>
    private static async Task<Answer<TAnswer>?> AnsweredAsync<TAnswer>(Task<Answer<TAnswer>> asking)
    {
        try
        {
            return await asking;
        }
        catch (Exception silence) when (silence is PeerSilentException or OperationCanceledException or UnavailableException { StorageIsFull: false })
        {
            return null;
        }
    }
}

/// <summary>What became of asking another member.</summary>
internal enum HowAsked
{
    /// <summary>Nobody was asked: this member is the first in line that is not suspect.</summary>
    Not,

    /// <summary>Who was asked gave a definite answer.</summary>
    Answered,

    /// <summary>Somebody was asked, and nobody knows what it did or will do.</summary>
    Silently,
}

/// <param name="How">Whether somebody was asked and answered.</param>
/// <param name="Answer">The answer, if there is one.</param>
internal readonly record struct Asked<T>(HowAsked How, Answer<T> Answer)
{
    public static Asked<T> Nobody => new(HowAsked.Not, default);

    public static Asked<T> Silence => new(HowAsked.Silently, default);
}
