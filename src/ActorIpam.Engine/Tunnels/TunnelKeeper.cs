using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Door;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Tunnels;

/// <summary>How often tunnel addresses are looked after.</summary>
public sealed record TunnelOptions
{
    /// <summary>The catalog is looked at this often, up to half as long again; what did not succeed is tried again then.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Everything is looked at again after this long, changed or not: somebody may have released a tunnel address by hand.</summary>
    public TimeSpan Recheck { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>Keeps the tunnel addresses of all nodes as pools ask for them (semantics.md §19), at the start and after each change of the catalog.</summary>
/// <remarks>
/// <para>Every member does this, and nothing makes one wait for another: each step is an ordinary unit behind the door, decided on what was just read.
/// What two members A and B can do to each other:</para>
/// <list type="bullet">
/// <item>Both see no address and assign. The cap of the handle is judged under its lock: one is granted, the other is answered with the same address (INV-1, INV-12).</item>
/// <item>Both record. The Node's resourceVersion is demanded: one wins, the other is refused with Conflict and looks again, at what the first recorded.</item>
/// <item>A assigned and died before recording. B finds the address held under the handle and records it.</item>
/// <item>A cleared the Node and died before releasing. B finds an address nobody names and releases it (INV-3).</item>
/// <item>A records x while B, who saw an earlier catalog, releases x as superfluous. The release names the generation it saw, so it frees nothing newer; the Node
/// names an address that is not held until the next look, which knows it by its history and replaces it. Nobody else was told that x is theirs (INV-1).</item>
/// <item>The node is deleted as soon as A has assigned (INV-10: not before, an assignment is fenced on its node). Who saw the node before releases its addresses, and at each start all are looked for.</item>
/// <item>The node is deleted and created anew while A forgets it. A reads the catalog after the addresses; an address assigned between is of a generation A did not read.</item>
/// </list>
/// <para>An address in a Node that its tunnel's handle never held is a user's own: it is never replaced, and none is assigned beside it.</para>
/// </remarks>
internal sealed class TunnelKeeper(Workplace workplace, TunnelAddresses addresses, TunnelOptions options)
{
    private const int PerPage = 10_000;

    /// <summary>What was settled, by node and kind, under which node and pools.</summary>
    private readonly Dictionary<(string Node, TunnelKind Kind), string> _settled = [];

    /// <summary>Nodes that are there, or hold tunnel addresses though they are gone; null before the first look.</summary>
    private HashSet<string>? _known;

    private long _version = -1;
    private bool _isUnsettled;
    private DateTimeOffset _recheckAt;

    /// <summary>Ends when it is told to. A journal that does not answer is asked again at the next look.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.Look + (options.Look / 100 * workplace.Ports.Chance.Next(50)), workplace.Ports.Time, stop);
                try
                {
                    await LookAsync(stop);
                }
                catch (Exception failure) when (failure is UnavailableException or JournalUnavailableException or UnreadableEventException or TooBusyException)
                {
                    _isUnsettled = true;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What is half done is finished by whoever looks next.
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        var now = workplace.Ports.Time.GetUtcNow();
        var (catalog, version) = await workplace.CatalogAsync(stop);
        var isRecheck = now >= _recheckAt;
        if (version == _version && !_isUnsettled && !isRecheck)
        {
            return;
        }

        if (isRecheck)
        {
            _settled.Clear();
            _recheckAt = now + options.Recheck;
        }

        _isUnsettled = false;
        await ForgetGoneAsync(catalog, stop);
        foreach (var node in catalog.List(ResourceKind.Node).Cast<Node>())
        {
            foreach (var kind in TunnelKind.All)
            {
                await SettleAsync(catalog, node, kind, stop);
            }
        }

        _version = version;
    }

    private async Task SettleAsync(ResourceCatalog catalog, Node node, TunnelKind kind, CancellationToken stop)
    {
        var key = (node.Metadata.Name, kind);
        var under = $"{node.Metadata.ResourceVersion} {string.Join(' ', kind.Eligible(catalog, node).Select(static pool => pool.Uid))}";
        if (_settled.GetValueOrDefault(key) == under)
        {
            return;
        }

        if (await addresses.SettleAsync(kind, node.Metadata.Name, stop))
        {
            _settled[key] = under;
        }
        else
        {
            _isUnsettled = true;
        }
    }

    private async Task ForgetGoneAsync(ResourceCatalog catalog, CancellationToken stop)
    {
        _known ??= await HoldersAsync(stop);
        var present = catalog.List(ResourceKind.Node).Select(static node => node.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _known.Except(present).Order(StringComparer.Ordinal).ToList())
        {
            await addresses.ForgetAsync(gone, stop);
            _known.Remove(gone);
            TunnelKind.All.ToList().ForEach(kind => _settled.Remove((gone, kind)));
        }

        _known.UnionWith(present);
    }

    /// <summary>The hosts that hold tunnel addresses, from all addresses there are: once a start.</summary>
    private async Task<HashSet<string>> HoldersAsync(CancellationToken stop)
    {
        var holders = new HashSet<string>(StringComparer.Ordinal);
        var filter = new AddressFilter { Limit = PerPage };
        while (true)
        {
            var page = await workplace.Ports.Views.FindAddressesAsync(filter, stop);
            holders.UnionWith(page.Items.Select(TunnelAddresses.NodeOf).OfType<string>());
            if (!page.More)
            {
                return holders;
            }

            filter = filter with { After = page.Items[^1].Ip };
        }
    }
}
