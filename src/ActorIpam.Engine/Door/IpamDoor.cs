using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Engine.Door;

/// <summary>Everything that can be asked of a member. Checks what came in, gives it what it lacks (ids, generations, deadlines), and serves it.</summary>
/// <remarks>
/// A refusal is a value. <see cref="Runtime.UnavailableException"/> means that nobody can answer now and that the same request may be sent again.
/// </remarks>
public sealed class IpamDoor
{
    // Addresses.
    public Task<Answer<AssignAnswer>> AssignAsync(AssignRequest request, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<Answer<AssignedAddress>> AssignIpAsync(AssignIpRequest request, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<Answer<ReleaseAnswer>> ReleaseAsync(ReleaseRequest request, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<Answer<ReleaseHandleAnswer>> ReleaseHandleAsync(ReleaseHandleRequest request, CancellationToken cancellation) => throw new NotImplementedException();

    // Blocks and affinities.
    public Task<Answer<EnsureBlockAnswer>> EnsureBlockAsync(EnsureBlockRequest request, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<Answer<AffinityAnswer>> ClaimAffinityAsync(AffinityRequest request, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<Answer<AffinityAnswer>> ReleaseAffinityAsync(AffinityRequest request, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Gives back every block of a host; continues past blocks it must not give back and then refuses with NotEmpty.</summary>
    public Task<Answer<AffinityAnswer>> ReleaseHostAffinitiesAsync(string host, bool mustBeEmpty, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Ends every ownership inside the range: empty blocks disappear, others become orphans.</summary>
    public Task<Answer<AffinityAnswer>> ReleasePoolAffinitiesAsync(string cidr, CancellationToken cancellation) => throw new NotImplementedException();

    // Resources. What is given is as the user wrote it; what is answered is as stored, with uid, resourceVersion, creation time and defaults.
    public Task<Answer<Resource>> CreateAsync(Resource resource, bool dryRun, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Replaces a stored resource. A given resourceVersion must be the stored one, else Conflict; without one the latest is replaced.</summary>
    public Task<Answer<Resource>> UpdateAsync(Resource resource, bool dryRun, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<Answer<Resource>> DeleteAsync(ResourceKind kind, string name, long? resourceVersion, bool dryRun, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<Answer<Resource>> GetAsync(ResourceKind kind, string name, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<ResourceList> ListAsync(ResourceKind kind, CancellationToken cancellation) => throw new NotImplementedException();

    // Queries.
    public Task<Answer<AddressState>> AddressAsync(string ip, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<Answer<AddressList>> AddressesAsync(AddressQuery query, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Every holder of the address, oldest first, the present one last.</summary>
    public Task<Answer<ImmutableArray<HeldInterval>>> HistoryAsync(string ip, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<Answer<ImmutableArray<BlockView>>> BlocksAsync(BlockQuery query, CancellationToken cancellation) => throw new NotImplementedException();

    /// <param name="pool">A pool's name or exact CIDR; null for all pools, followed by a last group without a name for blocks in no pool.</param>
    /// <param name="blocks">Whether to list the blocks of each.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<ImmutableArray<Utilization>>> UtilizationAsync(string? pool, bool blocks, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Completes when the member can commit; throws <see cref="Runtime.UnavailableException"/> when it cannot.</summary>
    public Task ReadyAsync(CancellationToken cancellation) => throw new NotImplementedException();
}

/// <summary>Resources of one kind by name, as of one version of the catalog.</summary>
public sealed record ResourceList(long ResourceVersion, ImmutableArray<Resource> Items);

/// <summary>Which held addresses to list. Pool: name or CIDR; Block: a CIDR.</summary>
public sealed record AddressQuery
{
    public string? Handle { get; init; }

    public string? Host { get; init; }

    public string? Pool { get; init; }

    public string? Block { get; init; }

    public bool? Borrowed { get; init; }

    /// <summary>1 to 10,000.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>The token of the page before.</summary>
    public string? Continue { get; init; }
}

/// <summary>A page of addresses; <see cref="Continue"/> asks for the next one, null at the end.</summary>
public sealed record AddressList(ImmutableArray<AssignedAddress> Items, string? Continue);

/// <summary>Which blocks to list. Pool: name or CIDR.</summary>
public sealed record BlockQuery(string? Pool, string? Host);
