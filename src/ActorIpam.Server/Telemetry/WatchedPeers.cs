using System.Collections.Concurrent;
using ActorIpam.Domain;
using ActorIpam.Engine.Forwarding;
using ActorIpam.EventSourcing;
using Prometheus;

namespace ActorIpam.Server.Telemetry;

/// <summary>The way to other members, timed; who falls silent is told to the log once, until it answers again.</summary>
/// <param name="inner">The way.</param>
/// <param name="duration">How long it took, by call.</param>
/// <param name="time">The clock of durations.</param>
/// <param name="log">Where silence is told.</param>
internal sealed class WatchedPeers(IPeers inner, Histogram duration, TimeProvider time, ILogger log) : IPeers
{
    private readonly ConcurrentDictionary<string, bool> _silent = new(StringComparer.Ordinal);

    public async Task<Answer<TAnswer>> AskAsync<TRequest, TAnswer>(
        MemberRow peer, ForwardedCall<TRequest, TAnswer> call, TRequest request, TimeSpan remaining, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        try
        {
            var answer = await inner.AskAsync(peer, call, request, remaining, cancellation);
            if (!_silent.IsEmpty && _silent.TryRemove(peer.Name, out _))
            {
                Log.PeerBack(log, peer.Name);
            }

            return answer;
        }
        catch (PeerSilentException silence)
        {
            NoteSilence(peer, silence.Message);
            throw;
        }
        catch (OperationCanceledException) when (time.GetElapsedTime(begun) >= remaining)
        {
            NoteSilence(peer, $"no answer within {remaining.TotalSeconds:0.0} s");
            throw;
        }
        finally
        {
            duration.WithLabels(call.Name).Observe(time.GetElapsedTime(begun).TotalSeconds);
        }
    }

    private void NoteSilence(MemberRow peer, string why)
    {
        if (_silent.TryAdd(peer.Name, true))
        {
            Log.PeerSilent(log, peer.Name, why);
        }
    }
}
