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
        Console = new(_transport);
        Access = new(_transport);
        Explaining = new(_transport);
        History = new(_transport);
        Recovery = new(_transport);
    }

    /// <summary>Pools, nodes, reservations and the configuration.</summary>
    public ResourceCalls Resources { get; }

    /// <summary>Assigning, releasing and looking up addresses.</summary>
    public AddressCalls Addresses { get; }

    /// <summary>Blocks, their hosts and their use.</summary>
    public BlockCalls Blocks { get; }

    /// <summary>Tokens, and who the member takes this client for.</summary>
    public AccessCalls Access { get; }

    /// <summary>Why things are as they are, and what would happen.</summary>
    public ExplainCalls Explaining { get; }

    /// <summary>Who held what, whose blocks were, what resources were.</summary>
    public HistoryCalls History { get; }

    /// <summary>A journal that was brought back from a backup.</summary>
    public RecoveryCalls Recovery { get; }

    /// <summary>The member itself.</summary>
    public ClusterCalls Cluster { get; }

    /// <summary>The actors of a member and the streams of the journal.</summary>
    public ConsoleCalls Console { get; }

    /// <summary>The version of the member that answers, such as <c>v0.1.0</c>.</summary>
    public async Task<string> VersionAsync(CancellationToken cancellation = default)
    {
        var answer = await _transport.SendAsync(ApiCall.Get("version"), cancellation);
        try
        {
            using var version = System.Text.Json.JsonDocument.Parse(answer.Body);
            return version.RootElement.GetProperty("gitVersion").GetString() ?? throw Posting.NotUnderstood(answer);
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw Posting.NotUnderstood(answer);
        }
    }

    /// <summary>Returns when the process answers.</summary>
    public Task HealthyAsync(CancellationToken cancellation = default) => _transport.SendAsync(ApiCall.Get("healthz"), cancellation);

    /// <summary>Returns when the member can commit.</summary>
    public Task ReadyAsync(CancellationToken cancellation = default) => _transport.SendAsync(ApiCall.Get("readyz"), cancellation);

    public void Dispose() => _transport.Dispose();
}
