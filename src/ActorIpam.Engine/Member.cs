using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Counting;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.Forwarding;
using ActorIpam.Engine.Resources;
using ActorIpam.Engine.Sweeping;
using ActorIpam.Engine.Tunnels;
using ActorIpam.Engine.Turns;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Actors;
using ActorIpam.Runtime.GroupCommit;
using ActorIpam.Runtime.Membership;

namespace ActorIpam.Engine;

/// <summary>One process of the cluster: the actors it activates, its group commit and its door, on the ports it was given.</summary>
public sealed class Member : IAsyncDisposable
{
    private readonly Supplies _supplies;
    private readonly Committer _committer;
    private readonly ForwardingDoor? _forwarding;
    private readonly Mailboxes<Owner, Command> _mailboxes;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Sweeper _sweeper;
    private readonly Task _tunnels;
    private readonly Task _beats;

    private Member(IpamDoor door, ConsoleDoor console, ForwardedDoor forwarded, ForwardingDoor? forwarding, Supplies supplies, Committer committer, Mailboxes<Owner, Command> mailboxes, Sweeper sweeper, TunnelKeeper? tunnels, Presence? presence)
    {
        (Door, Console, Forwarded, _forwarding) = (door, console, forwarded, forwarding);
        _supplies = supplies;
        _committer = committer;
        _mailboxes = mailboxes;
        _sweeper = sweeper;
        _tunnels = tunnels?.RunAsync(_stopping.Token) ?? Task.CompletedTask;
        _beats = presence?.RunAsync(_stopping.Token) ?? Task.CompletedTask;
    }

    public IpamDoor Door { get; }

    /// <summary>What operators look at: actors and streams.</summary>
    public ConsoleDoor Console { get; }

    /// <summary>What it has done since it started.</summary>
    public MemberCounts Counts => _supplies.Counts;

    /// <summary>How full its queues and its memory are now.</summary>
    public MemberLoad Load
    {
        get
        {
            var (waiting, deepest) = _mailboxes.Waiting;
            return new()
            {
                LettersWaiting = waiting,
                DeepestMailbox = deepest,
                LettersRefused = _mailboxes.Refused,
                CommitsWaiting = _committer.Depth,
                ActiveStreams = _supplies.Entries.Count,
                Activations = _supplies.Entries.Activations,
                Passivations = _supplies.Entries.Passivations,
                Sweeps = _sweeper.Counts,
            };
        }
    }

    /// <summary>Where requests come in that another member has forwarded.</summary>
    public ForwardedDoor Forwarded { get; }

    /// <summary>What its sweeps have done.</summary>
    public SweepCounts Sweeps => _sweeper.Counts;

    /// <summary>How much it has to do.</summary>
    public MemberFigures Figures
    {
        get
        {
            var depths = _mailboxes.Depths;
            return new(_supplies.Entries.Count, depths.Count, depths.Values.Sum(), depths.Values.DefaultIfEmpty().Max());
        }
    }

    /// <summary>Whether another member did not answer this one lately, so that it is not asked for now.</summary>
    public bool Suspects(MemberRow other) => _forwarding?.Suspects(other) == true;

    /// <param name="ports">Where it writes, reads, takes time and chance from.</param>
    /// <param name="options">Its name and its bounds.</param>
    public static Member Start(MemberPorts ports, MemberOptions options)
    {
        var entries = new Entries(ports.Journal, options.Entries);
        var catalog = new Entry<ResourceCatalog, CatalogEvent>(Streams.Catalog, ResourceCatalog.Empty, new CatalogEventCodec(), reports: ports.Reports);
        var sights = new Sights(ports.Journal, ports.Views, catalog, options.Owners);
        var supplies = new Supplies(entries, sights, ports.Reports);
        var committer = new Committer(ports.Journal, ports.Time, ports.Chance, ports.Faults, options.Commits);
        var turns = new TurnRunner(supplies, ports, committer, options);
        var mailboxes = new Mailboxes<Owner, Command>(options.Mailboxes, (_, letters) => turns.RunAsync(letters));
        var workplace = new Workplace(ports, options, supplies, catalog, turns, mailboxes);
        var forwarding = ForwardingDoor.Of(workplace);
        var door = new IpamDoor(workplace, new(catalog, sights, ports, committer, options), forwarding, committer);
        var sweeps = SweepsOf(workplace, committer, options.Sweeping);
        var sweeper = new Sweeper(sweeps, ports.Time, ports.Chance, options.Sweeping.Period);
        var tunnels = options.Tunnels is { } kept ? new TunnelKeeper(workplace, new(workplace, door), kept) : null;
        return new(door, new(workplace), new(workplace), forwarding, supplies, committer, mailboxes, sweeper, tunnels, ports.Cluster?.Presence);
    }

    /// <summary>Does what is due and nobody asks for, once, behind a run that is under way.</summary>
    public Task SweepAsync() => _sweeper.RunAsync();

    /// <summary>Takes no new work and finishes what it has; no sweep begins any more.</summary>
    /// <remarks>Its row in the member table stays: who asked it to stop takes it away, when nothing answers under its address any more.</remarks>
    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        await _tunnels;
        await _beats;
        await _sweeper.DisposeAsync();
        await _mailboxes.DrainAsync();
        _stopping.Dispose();
    }

    private static List<ISweep> SweepsOf(Workplace workplace, Committer committer, SweepingOptions options)
    {
        var sweeps = new List<ISweep>();
        if (workplace.Ports.Due is { } due)
        {
            sweeps.Add(new CooldownSweep(workplace, due, options));
            sweeps.Add(new GoneHostSweep(workplace, options));
            sweeps.Add(new IdleSweep(workplace, due, options));
            sweeps.Add(new RetentionSweep(workplace, new ReleaseDoor(workplace), committer, due, options));
        }

        if (workplace.Ports.Past is { } past)
        {
            sweeps.Add(new HistorySweep(workplace, committer, past, options));
        }

        if (workplace.Ports.Upkeep is { } upkeep)
        {
            sweeps.Add(new JournalSweep(workplace.Ports, upkeep, options));
        }

        return sweeps;
    }
}

/// <summary>Everything a member touches outside its own memory.</summary>
public sealed record MemberPorts(IJournal Journal, IViews Views, TimeProvider Time, IChance Chance)
{
    /// <summary>Where tests let the process die.</summary>
    public IFaultPoints Faults { get; init; } = NoFaults.Instance;

    /// <summary>Where sweeps look for work; null for a member that does not sweep.</summary>
    public IDueViews? Due { get; init; }

    /// <summary>Where the journal is kept short; null for a member that leaves it to others.</summary>
    public IJournalUpkeep? Upkeep { get; init; }

    /// <summary>Where it tells what is wrong with streams; null for nowhere.</summary>
    public IStreamReports? Reports { get; init; }

    /// <summary>Where operators read streams, checks find those that no view shows, and explanations the event of a grant; null for a journal that cannot say.</summary>
    public IStreamBrowser? Streams { get; init; } = Journal as IStreamBrowser;

    /// <summary>The other members; null for a member that is alone with its journal.</summary>
    public ClusterPorts? Cluster { get; init; }

    /// <summary>Where questions about the past are answered; null for a member that is not asked any.</summary>
    public IPastViews? Past { get; init; }
}

/// <summary>What a member of a cluster has beside its journal.</summary>
/// <param name="Presence">Its place among the others; it has joined. The member beats for it.</param>
/// <param name="Peers">The way to other members; null when there is none, and nothing is forwarded.</param>
public sealed record ClusterPorts(Presence Presence, IPeers? Peers);

/// <summary>A member's name and every bound it keeps (INV-12).</summary>
public sealed record MemberOptions
{
    /// <summary>Its identity in the cluster, written into every journal row.</summary>
    public required string Name { get; init; }

    /// <summary>How long a request may take before it is answered with "unavailable".</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How it keeps the tunnel addresses of nodes; null leaves them to others.</summary>
    public TunnelOptions? Tunnels { get; init; }

    public MailboxOptions Mailboxes { get; init; } = new();

    public CommitterOptions Commits { get; init; } = new();

    public SweepingOptions Sweeping { get; init; } = new();

    public ForwardingOptions Forwarding { get; init; } = new();

    /// <summary>Streams that are kept activated; the longest unused are passivated.</summary>
    public int Entries { get; init; } = 50_000;

    /// <summary>Owners whose blocks are kept in mind.</summary>
    public int Owners { get; init; } = 10_000;

    /// <summary>Streams that are read at once when entries are activated.</summary>
    public int ReadsAtOnce { get; init; } = 50;

    /// <summary>Addresses that one unit assigns or releases, roughly: the command that passes the mark is the last.</summary>
    public int AddressesPerUnit { get; init; } = 1024;

    /// <summary>How often a turn may lose to others before it gives up. Two members that serve one host, because they do not hear each other, win in turns: many losses in a row must be less likely than anything else that goes wrong.</summary>
    public int LossesPerTurn { get; init; } = 25;

    /// <summary>How often a turn may plan without a commit and without asking for anything new.</summary>
    public int RoundsPerTurn { get; init; } = 200;

    /// <summary>About so much memory for the decisions that can be explained afterwards; the oldest are forgotten first.</summary>
    public long DecisionBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Blocks of an earlier pool that are looked at when a pool is created over them.</summary>
    public int LeftoversLooked { get; init; } = 1000;
}
