using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.Resources;
using ActorIpam.Engine.Sweeping;
using ActorIpam.Engine.Tunnels;
using ActorIpam.Engine.Turns;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Actors;
using ActorIpam.Runtime.GroupCommit;

namespace ActorIpam.Engine;

/// <summary>One process of the cluster: the actors it activates, its group commit and its door, on the ports it was given.</summary>
public sealed class Member : IAsyncDisposable
{
    private readonly Mailboxes<Owner, Command> _mailboxes;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Sweeper _sweeper;
    private readonly Task _tunnels;

    private Member(IpamDoor door, Mailboxes<Owner, Command> mailboxes, Sweeper sweeper, TunnelKeeper? tunnels)
    {
        Door = door;
        _mailboxes = mailboxes;
        _sweeper = sweeper;
        _tunnels = tunnels?.RunAsync(_stopping.Token) ?? Task.CompletedTask;
    }

    public IpamDoor Door { get; }

    /// <summary>What its sweeps have done.</summary>
    public SweepCounts Sweeps => _sweeper.Counts;

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
        var door = new IpamDoor(workplace, new(catalog, sights, ports, committer, options));
        var sweeps = SweepsOf(workplace, committer, options.Sweeping);
        var sweeper = new Sweeper(sweeps, ports.Time, ports.Chance, options.Sweeping.Period);
        return new(door, mailboxes, sweeper, options.Tunnels is { } tunnels ? new(workplace, new(workplace, door), tunnels) : null);
    }

    /// <summary>Does what is due and nobody asks for, once, behind a run that is under way.</summary>
    public Task SweepAsync() => _sweeper.RunAsync();

    /// <summary>Takes no new work and finishes what it has; no sweep begins any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping.Cancel();
        await _tunnels;
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
}

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

    /// <summary>Streams that are kept activated; the longest unused are passivated.</summary>
    public int Entries { get; init; } = 50_000;

    /// <summary>Owners whose blocks are kept in mind.</summary>
    public int Owners { get; init; } = 10_000;

    /// <summary>Streams that are read at once when entries are activated.</summary>
    public int ReadsAtOnce { get; init; } = 50;

    /// <summary>Addresses that one unit assigns or releases, roughly: the command that passes the mark is the last.</summary>
    public int AddressesPerUnit { get; init; } = 1024;

    /// <summary>How often a turn may lose to others before it gives up.</summary>
    public int LossesPerTurn { get; init; } = 5;

    /// <summary>How often a turn may gather and plan without a commit.</summary>
    public int RoundsPerTurn { get; init; } = 200;

    /// <summary>Blocks of an earlier pool that are looked at when a pool is created over them.</summary>
    public int LeftoversLooked { get; init; } = 1000;
}
