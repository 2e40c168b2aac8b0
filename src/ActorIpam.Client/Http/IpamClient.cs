namespace ActorIpam.Client.Http;

/// <summary>Asks members over HTTP. Safe to share between threads; connections are kept.</summary>
/// <remarks>Every call throws <see cref="ApiException"/> when a member says no and <see cref="ServerUnreachableException"/> when none answers.</remarks>
public sealed class IpamClient : IDisposable
{
    private readonly ApiTransport _transport;

    public IpamClient(ClientOptions options)
    {
        _transport = new(options);
        Resources = new(_transport);
        Addresses = new(_transport);
        Blocks = new(_transport);
        Cluster = new(_transport);
    }

    /// <summary>Pools, nodes, reservations and the configuration.</summary>
    public ResourceCalls Resources { get; }

    /// <summary>Assigning, releasing and looking up addresses.</summary>
    public AddressCalls Addresses { get; }

    /// <summary>Blocks, their hosts and their use.</summary>
    public BlockCalls Blocks { get; }

    /// <summary>The member itself.</summary>
    public ClusterCalls Cluster { get; }

    /// <summary>Returns when the process answers.</summary>
    public Task HealthyAsync(CancellationToken cancellation = default) => _transport.SendAsync(ApiCall.Get("healthz"), cancellation);

    /// <summary>Returns when the member can commit.</summary>
    public Task ReadyAsync(CancellationToken cancellation = default) => _transport.SendAsync(ApiCall.Get("readyz"), cancellation);

    public void Dispose() => _transport.Dispose();
}
