using ActorIpam.Domain;
using ActorIpam.Engine;
using ActorIpam.Engine.Forwarding;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Membership;

namespace ActorIpam.EngineSpecs.Cluster;

/// <summary>What becomes of a message between members.</summary>
internal enum Fate
{
    Delivered,

    /// <summary>It never arrives.</summary>
    Lost,

    /// <summary>It is served, and the answer never arrives.</summary>
    Unanswered,

    /// <summary>It arrives when the test says so; for the asker the connection broke.</summary>
    Late,

    /// <summary>It never arrives, and the asker is never told.</summary>
    Swallowed,

    /// <summary>It is served twice at once.</summary>
    Twice,
}

/// <summary>A network between members in one process, as bad as a test wants it.</summary>
internal sealed class Wire(IReadOnlyDictionary<string, Member> members) : IPeers
{
    private readonly List<Func<Task>> _late = [];

    public Fate Fate { get; set; }

    /// <summary>Members that nothing reaches.</summary>
    public HashSet<string> Unreachable { get; } = [];

    /// <summary>Calls that were made, with the names of their callees.</summary>
    public List<string> Asked { get; } = [];

    public async Task<Answer<TAnswer>> AskAsync<TRequest, TAnswer>(
        MemberRow peer, ForwardedCall<TRequest, TAnswer> call, TRequest request, TimeSpan remaining, CancellationToken cancellation)
    {
        Asked.Add($"{call.Name} → {peer.Name}");
        Task<Answer<TAnswer>> Serve() => members[peer.Name].Forwarded.ServeAsync(call, request, remaining, MembershipOptions.ProtocolNumber, CancellationToken.None);
        switch (Unreachable.Contains(peer.Name) ? Fate.Lost : Fate)
        {
            case Fate.Delivered:
                return await Serve();
            case Fate.Twice:
                return (await Task.WhenAll(Serve(), Serve()))[0];
            case Fate.Unanswered:
                await Serve();
                throw new PeerSilentException("The connection broke.");
            case Fate.Late:
                _late.Add(Serve);
                throw new PeerSilentException("The connection broke.");
            case Fate.Swallowed:
                await Task.Delay(Timeout.Infinite, cancellation);
                throw new PeerSilentException("Never.");
            default:
                throw new PeerSilentException("The connection broke.");
        }
    }

    /// <summary>Delivers what was kept back, now.</summary>
    public async Task DeliverLateAsync()
    {
        foreach (var serve in _late)
        {
            await serve();
        }

        _late.Clear();
    }
}
