using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Door;
using ActorIpam.Runtime.GroupCommit;

namespace ActorIpam.Engine.Past;

/// <summary>Everything that can be asked about the past. An instant that lies in the future is refused, one before what is kept is <see cref="RefusalCode.HistoryExpired"/>.</summary>
public sealed class IpamPast
{
    private readonly ExplainDoor _explaining;
    private readonly PastDoor _then;
    private readonly HistoryDoor? _history;
    private readonly RedactDoor? _redaction;

    internal IpamPast(Workplace workplace, Committer committer, ExplainDoor explaining)
    {
        _explaining = explaining;
        _then = new(workplace);
        if (workplace.Ports.Past is { } past)
        {
            (_history, _redaction) = (new(workplace, past), new(workplace, committer, past));
        }
    }

    public Task<Answer<AddressState>> AddressAsync(string ip, DateTimeOffset at, CancellationToken cancellation) =>
        IpamDoor.ServedAsync(_explaining.AddressAsync(_then.AddressAsync(ip, at, cancellation), cancellation));

    public Task<Answer<AddressList>> AddressesAsync(AddressQuery query, DateTimeOffset at, CancellationToken cancellation) =>
        IpamDoor.ServedAsync(_then.AddressesAsync(query, at, cancellation));

    public Task<Answer<ImmutableArray<BlockView>>> BlocksAsync(BlockQuery query, DateTimeOffset at, CancellationToken cancellation) =>
        IpamDoor.ServedAsync(_then.BlocksAsync(query, at, cancellation));

    public Task<Answer<ImmutableArray<Utilization>>> UtilizationAsync(string? pool, bool blocks, DateTimeOffset at, CancellationToken cancellation) =>
        IpamDoor.ServedAsync(_then.UtilizationAsync(pool, blocks, at, cancellation));

    public Task<Answer<NodeRouting>> RoutesAsync(string node, DateTimeOffset at, CancellationToken cancellation) =>
        IpamDoor.ServedAsync(_then.RoutesAsync(node, at, cancellation));

    public Task<Answer<Resource>> GetAsync(ResourceKind kind, string name, DateTimeOffset at, CancellationToken cancellation) =>
        IpamDoor.ServedAsync(_then.GetAsync(kind, name, at, cancellation));

    public Task<Answer<ResourceList>> ListAsync(ResourceKind kind, DateTimeOffset at, CancellationToken cancellation) =>
        IpamDoor.ServedAsync(_then.ListAsync(kind, at, cancellation));

    /// <summary>One page of holders, past and present, in the order in which they ended.</summary>
    public Task<Answer<HistoryPage>> HoldingsAsync(HistoryQuery query, CancellationToken cancellation) =>
        _history is null ? Nothing<HistoryPage>() : IpamDoor.ServedAsync(_history.HoldingsAsync(query, cancellation));

    /// <summary>One page of what became of a block.</summary>
    public Task<Answer<BlockHistoryPage>> BlockHistoryAsync(string block, int limit, string? token, CancellationToken cancellation) =>
        _history is null ? Nothing<BlockHistoryPage>() : IpamDoor.ServedAsync(_history.BlockAsync(block, limit, token, cancellation));

    /// <summary>One page of what a resource was.</summary>
    public Task<Answer<ResourceHistoryPage>> ResourceHistoryAsync(ResourceKind kind, string name, int limit, string? token, CancellationToken cancellation) =>
        _history is null ? Nothing<ResourceHistoryPage>() : IpamDoor.ServedAsync(_history.ResourceAsync(kind, name, limit, token, cancellation));

    /// <summary>Does a bounded part of blanking the attributes of a handle; repeated until it says that it is done.</summary>
    public Task<Answer<RedactAnswer>> RedactAsync(RedactRequest request, CancellationToken cancellation) =>
        _redaction is null ? Nothing<RedactAnswer>() : IpamDoor.ServedAsync(_redaction.RedactAsync(request, cancellation));

    private static Task<Answer<T>> Nothing<T>() =>
        Task.FromResult<Answer<T>>(new Refusal(RefusalCode.Invalid, "This member answers no questions about the past."));
}
