using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Checking;
using ActorIpam.Engine.Forwarding;
using ActorIpam.Engine.Past;
using ActorIpam.Engine.Recovering;
using ActorIpam.Engine.Resources;
using ActorIpam.Engine.Turns;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime.GroupCommit;

namespace ActorIpam.Engine.Door;

/// <summary>Everything that can be asked of a member. Checks what came in, gives it what it lacks (ids, generations, deadlines), and serves it.</summary>
/// <remarks>
/// A refusal is a value. <see cref="Runtime.UnavailableException"/> means that nobody can answer now and that the same request may be sent again.
/// </remarks>
public sealed class IpamDoor
{
    private readonly Workplace _workplace;
    private readonly AddressDoors _addresses;
    private readonly ForwardingDoor? _forwarding;
    private readonly ResourceDoor _resources;
    private readonly QueryDoor _queries;
    private readonly BlockFigures _figures;
    private readonly RouteDoor _routes;
    private readonly SplitDoor _splits;

    internal IpamDoor(Workplace workplace, CatalogActor catalog, ForwardingDoor? forwarding, Committer committer)
    {
        _workplace = workplace;
        _addresses = new(workplace);
        _forwarding = forwarding;
        _resources = new(workplace, catalog, _addresses.Affinities);
        _queries = new(workplace);
        Explaining = new(workplace, _queries, forwarding);
        _figures = new(new PresentSight(workplace));
        Past = new(workplace, committer, Explaining);
        _routes = new(workplace);
        Impacts = new(workplace, _resources, _routes);
        _splits = new(workplace, catalog, _resources);
        Recovery = new(workplace, committer);
    }

    /// <summary>Why things are as they are.</summary>
    public ExplainDoor Explaining { get; }

    /// <summary>What changes of resources would do.</summary>
    public ImpactDoor Impacts { get; }

    /// <summary>The same questions with an instant, and those about a stretch of time.</summary>
    public IpamPast Past { get; }

    /// <summary>What a journal that was brought back from a backup is told.</summary>
    public IpamRecovery Recovery { get; }

    /// <summary>The way to the other members; null while there is none to forward to.</summary>
    private ForwardingDoor? Elsewhere => _forwarding is { HasOthers: true } others ? others : null;

    // Addresses.
    public Task<Answer<AssignAnswer>> AssignAsync(AssignRequest request, CancellationToken cancellation) => ServedAsync(
        () => Elsewhere?.AssignAsync(request, cancellation) ?? _addresses.Assigning.AssignAsync(request, default, cancellation));

    public Task<Answer<AssignedAddress>> AssignIpAsync(AssignIpRequest request, CancellationToken cancellation) => ServedAsync(
        () => Elsewhere?.AssignIpAsync(request, cancellation) ?? _addresses.Assigning.AssignIpAsync(request, default, cancellation));

    /// <summary>Assigns and tells why, or only tells: served here, where the reasons are seen.</summary>
    public Task<Answer<AssignAnswer>> AssignAsync(AssignRequest request, AssignMode mode, CancellationToken cancellation) =>
        mode == default ? AssignAsync(request, cancellation) : ServedAsync(() => _addresses.Assigning.AssignAsync(request, mode, cancellation));

    /// <inheritdoc cref="AssignAsync(AssignRequest, AssignMode, CancellationToken)"/>
    public Task<Answer<AssignedAddress>> AssignIpAsync(AssignIpRequest request, AssignMode mode, CancellationToken cancellation) =>
        mode == default ? AssignIpAsync(request, cancellation) : ServedAsync(() => _addresses.Assigning.AssignIpAsync(request, mode, cancellation));

    public Task<Answer<ReleaseAnswer>> ReleaseAsync(ReleaseRequest request, CancellationToken cancellation) => ReleaseAsync(request, onlyOf: null, cancellation);

    /// <summary>Releases for a caller who may release addresses of one host alone: another host's refuses the request (OtherHost).</summary>
    public Task<Answer<ReleaseAnswer>> ReleaseAsync(ReleaseRequest request, string? onlyOf, CancellationToken cancellation) => ServedAsync(
        () => Elsewhere?.ReleaseAsync(request, onlyOf, cancellation) ?? _addresses.Releasing.ReleaseAsync(request, onlyOf, cancellation));

    public Task<Answer<ReleaseHandleAnswer>> ReleaseHandleAsync(ReleaseHandleRequest request, CancellationToken cancellation) => ReleaseHandleAsync(request, onlyOf: null, cancellation);

    /// <inheritdoc cref="ReleaseAsync(ReleaseRequest, string, CancellationToken)"/>
    public Task<Answer<ReleaseHandleAnswer>> ReleaseHandleAsync(ReleaseHandleRequest request, string? onlyOf, CancellationToken cancellation) => ServedAsync(
        () => Elsewhere?.ReleaseHandleAsync(request, onlyOf, cancellation) ?? _addresses.Releasing.ReleaseHandleAsync(request, onlyOf, cancellation));

    /// <summary>Releases what a container runtime does not list any more and had before, finally.</summary>
    public Task<Answer<GarbageAnswer>> CollectGarbageAsync(GarbageRequest request, CancellationToken cancellation) => ServedAsync(
        () => Elsewhere?.CollectGarbageAsync(request, cancellation) ?? _addresses.Garbage.CollectAsync(request, cancellation));

    // Blocks and affinities.
    public Task<Answer<EnsureBlockAnswer>> EnsureBlockAsync(EnsureBlockRequest request, CancellationToken cancellation) => ServedAsync(() => _addresses.Affinities.EnsureAsync(request, cancellation));

    public Task<Answer<AffinityAnswer>> ClaimAffinityAsync(AffinityRequest request, CancellationToken cancellation) => ServedAsync(() => _addresses.Affinities.ClaimAsync(request, cancellation));

    public Task<Answer<AffinityAnswer>> ReleaseAffinityAsync(AffinityRequest request, CancellationToken cancellation) => ServedAsync(() => _addresses.Affinities.ReleaseAsync(request, cancellation));

    /// <summary>Gives back every block of a host; continues past blocks it must not give back and then refuses with NotEmpty.</summary>
    public Task<Answer<AffinityAnswer>> ReleaseHostAffinitiesAsync(string host, bool mustBeEmpty, CancellationToken cancellation) => ServedAsync(() => _addresses.Affinities.ReleaseAllOfAsync(host, mustBeEmpty, cancellation));

    /// <summary>Ends every ownership inside the range: empty blocks disappear, others become orphans.</summary>
    public Task<Answer<AffinityAnswer>> ReleasePoolAffinitiesAsync(string cidr, CancellationToken cancellation) => ServedAsync(() => _addresses.Affinities.ReleaseAllInAsync(cidr, cancellation));

    // Resources. What is given is as the user wrote it; what is answered is as stored, with uid, resourceVersion, creation time and defaults.
    public Task<Answer<Resource>> CreateAsync(Resource resource, bool dryRun, CancellationToken cancellation) => ServedAsync(() => _resources.CreateAsync(resource, dryRun, cancellation));

    /// <summary>Replaces a stored resource. A given resourceVersion must be the stored one, else Conflict; without one the latest is replaced.</summary>
    public Task<Answer<Resource>> UpdateAsync(Resource resource, bool dryRun, CancellationToken cancellation) => ServedAsync(() => _resources.UpdateAsync(resource, dryRun, cancellation));

    public Task<Answer<Resource>> DeleteAsync(ResourceKind kind, string name, long? resourceVersion, bool dryRun, CancellationToken cancellation) => ServedAsync(() => _resources.DeleteAsync(kind, name, resourceVersion, dryRun, cancellation));

    public Task<Answer<Resource>> GetAsync(ResourceKind kind, string name, CancellationToken cancellation) => ServedAsync(() => _resources.GetAsync(kind, name, cancellation));

    public Task<ResourceList> ListAsync(ResourceKind kind, CancellationToken cancellation) => ServedAsync(() => _resources.ListAsync(kind, cancellation));

    /// <summary>Does a bounded part of splitting a pool; repeated until it says that it is done.</summary>
    public Task<Answer<SplitAnswer>> SplitAsync(SplitRequest request, CancellationToken cancellation) => ServedAsync(() => _splits.SplitAsync(request, cancellation));

    // Queries.
    public Task<Answer<AddressState>> AddressAsync(string ip, CancellationToken cancellation) => ServedAsync(() => Explaining.AddressAsync(ip, cancellation));

    public Task<Answer<AddressList>> AddressesAsync(AddressQuery query, CancellationToken cancellation) => ServedAsync(() => _queries.AddressesAsync(query, cancellation));

    /// <summary>Every holder of the address, oldest first, the present one last.</summary>
    public Task<Answer<ImmutableArray<HeldInterval>>> HistoryAsync(string ip, CancellationToken cancellation) => ServedAsync(() => Explaining.HistoryAsync(ip, cancellation));

    public Task<Answer<ImmutableArray<BlockView>>> BlocksAsync(BlockQuery query, CancellationToken cancellation) => ServedAsync(() => _figures.BlocksAsync(query, cancellation));

    /// <param name="pool">A pool's name or exact CIDR; null for all pools, followed by a last group without a name for blocks in no pool.</param>
    /// <param name="blocks">Whether to list the blocks of each.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Answer<ImmutableArray<Utilization>>> UtilizationAsync(string? pool, bool blocks, CancellationToken cancellation) => ServedAsync(() => _figures.UtilizationAsync(pool, blocks, cancellation));

    /// <summary>Replays the journal beside the views, live and without a lock, and says where they disagree.</summary>
    public Task<CheckReport> CheckAsync(CancellationToken cancellation) => ServedAsync(() => new Checker(_workplace.Ports).RunAsync(cancellation));

    /// <summary>The same, telling now and then how far it is.</summary>
    public Task<CheckReport> CheckAsync(Action<CheckProgress> tell, CancellationToken cancellation) => ServedAsync(() => new Checker(_workplace.Ports, tell).RunAsync(cancellation));

    /// <summary>Checks, rebuilds the damaged views from the journal, and checks again. What the journal itself contradicts stays.</summary>
    public Task<RepairReport> RepairAsync(Action<CheckProgress>? tell, CancellationToken cancellation) =>
        ServedAsync(() => new Repairer(_workplace.Ports, _workplace.Options.Name, tell).RunAsync(cancellation));

    /// <summary>The routes of a node, the sets its NAT needs, and why routes are missing; NotFound when there is no such Node.</summary>
    /// <remarks>Owners and pools are those of one instant at which the addresses were read, unless owners change faster than that can be read.</remarks>
    public Task<Answer<NodeRouting>> RoutesAsync(string node, CancellationToken cancellation) => ServedAsync(() => _routes.RoutesAsync(node, cancellation));

    /// <summary>The same as of now, and a way to see what changes afterwards.</summary>
    public Task<Answer<RouteWatch>> WatchRoutesAsync(string node, CancellationToken cancellation) => ServedAsync(() => _routes.WatchAsync(node, cancellation));

    /// <summary>The same for what may be refused, which is counted.</summary>
    private async Task<Answer<T>> ServedAsync<T>(Task<Answer<T>> served)
    {
        try
        {
            var answer = await served;
            _workplace.Supplies.Counts.CountAnswer(answer);
            return answer;
        }
        catch (Exception failure) when (failure is JournalUnavailableException or UnreadableEventException)
        {
            throw TurnRunner.Explain(failure);
        }
    }

    /// <summary>A journal that does not answer is nothing the caller can tell from a member that does not.</summary>
    internal static async Task<T> ServedAsync<T>(Task<T> served)
    {
        try
        {
            return await served;
        }
        catch (Exception failure) when (failure is JournalUnavailableException or UnreadableEventException)
        {
            throw TurnRunner.Explain(failure);
        }
    }

    /// <summary>The same for what may be refused, which is counted.</summary>
    private Task<Answer<T>> ServedAsync<T>(Func<Task<Answer<T>>> serve) =>
        _workplace.Ports.Cluster is { Presence.IsClockTrusted: false } cluster
            ? Task.FromException<Answer<T>>(cluster.Presence.Distrust())
            : ServedAsync(serve());

    /// <exception cref="Runtime.UnavailableException">The member must not serve now.</exception>
    private Task<T> ServedAsync<T>(Func<Task<T>> serve) =>
        _workplace.Ports.Cluster is { Presence.IsClockTrusted: false } cluster
            ? Task.FromException<T>(cluster.Presence.Distrust())
            : ServedAsync(serve());

    /// <summary>Completes when the member can commit; throws <see cref="Runtime.UnavailableException"/> when it cannot.</summary>
    public async Task ReadyAsync(CancellationToken cancellation)
    {
        if (_workplace.Ports.Cluster?.Presence is { } presence && (!presence.IsClockTrusted || presence.IsDraining))
        {
            throw presence.IsClockTrusted ? new Runtime.UnavailableException($"Member {presence.Options.Name} is about to leave.") : presence.Distrust();
        }

        var unit = new Unit(new(_workplace.Ports.Chance.NewId()))
        {
            At = _workplace.Ports.Time.Reading(),
            Member = _workplace.Options.Name,
            Raises = [Streams.Readiness(_workplace.Options.Name)],
        };
        switch ((await _workplace.Ports.Journal.AppendAsync([unit]))[0])
        {
            case Outcome.Won:
                return;
            case Outcome.Failed failed:
                throw TurnRunner.Failure(failed);
            case var other:
                throw new Runtime.UnavailableException($"The journal answered a trial commit with {other.GetType().Name}.");
        }
    }
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
