using ActorIpam.EventSourcing;

namespace ActorIpam.Runtime.Membership;

/// <summary>One member's place among the others: joins, beats, notices that it must stop, leaves (protocol.md §4, Membership).</summary>
/// <remarks>What it knows is advice: which member to ask first. docs/decisions/0010 walks through what wrong advice can do.</remarks>
public sealed class Presence(IMemberTable table, TimeProvider time, MembershipOptions options)
{
    private readonly TaskCompletionSource<Departure> _departing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MembersSeen _seen = MembersSeen.Nobody;
    private long _incarnation;
    private volatile bool _isDraining;

    public MembershipOptions Options => options;

    public IMemberTable Table => table;

    /// <summary>Which process of this name it is; 0 before it joined.</summary>
    public long Incarnation => Volatile.Read(ref _incarnation);

    /// <summary>As of the last beat that succeeded.</summary>
    public MembersSeen Seen => Volatile.Read(ref _seen);

    /// <summary>It is about to leave: keys are placed on others.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>Completes when the member must stop, and says why.</summary>
    public Task<Departure> Departing => _departing.Task;

    /// <summary>The last beat did not reach the table.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Called after each beat that reached the table, with what it saw.</summary>
    public Action<MembersSeen>? Beaten { get; set; }

    /// <summary>The clock is near enough to the table's. INV-11 holds within the stated error only.</summary>
    public bool IsClockTrusted => Seen.ClockError.Duration() <= options.ClockRefused;

    /// <summary>Takes its place: draws an incarnation and writes the first row.</summary>
    /// <exception cref="JoinRefusedException">The members that are there speak another language.</exception>
    /// <exception cref="JournalUnavailableException">The table did not answer.</exception>
    public async Task JoinAsync(CancellationToken cancellation)
    {
        Volatile.Write(ref _incarnation, await table.DrawIncarnationAsync(cancellation));
        await BeatAsync(cancellation);
        var strangers = MembersSeen.Living(Seen.Rows, options.Alive).Where(row => !options.Understands(row.Protocol)).ToList();
#if PLANTED_BUGS
        if (strangers.Count == 0 || Planted.Is("joins-at-any-distance"))
#else
        if (strangers.Count == 0)
#endif
        {
            return;
        }

        await LeaveAsync(cancellation);
        throw new JoinRefusedException(
            $"Member {options.Name} speaks cluster protocol {options.Protocol}, but {string.Join(", ", strangers.Select(static row => $"{row.Name} speaks {row.Protocol}"))}: "
            + "members may differ by one. Upgrade the cluster in steps of one release.");
    }

    /// <summary>Beats until it is told to stop. A table that does not answer is asked again at the next beat.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.Beat, time, stop);
                try
                {
                    await BeatAsync(stop);
                }
                catch (JournalUnavailableException)
                {
                    IsCutOff = true;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Who stops the beats decides what becomes of the row.
        }
    }

    /// <summary>Says that it is about to leave, so that no member places keys on it from its next beat on.</summary>
    /// <returns>False when the table did not answer: others will find out when it does not beat.</returns>
    public async Task<bool> DrainAsync(CancellationToken cancellation)
    {
        _isDraining = true;
        try
        {
            await BeatAsync(cancellation);
            return true;
        }
        catch (JournalUnavailableException)
        {
            return false;
        }
    }

    /// <summary>Takes its row away, unless a later process has it.</summary>
    /// <exception cref="JournalUnavailableException">The table did not answer; the row grows old.</exception>
    public ValueTask LeaveAsync(CancellationToken cancellation) => table.RemoveAsync(options.Name, Incarnation, cancellation);

    /// <summary>What a request is told while the clock is not to be trusted.</summary>
    public UnavailableException Distrust() =>
        new($"The clock of member {options.Name} is {Seen.ClockError.Duration().TotalSeconds:0.0} s off the database's; it serves again when they agree within {options.ClockRefused.TotalSeconds:0} s.", options.Beat);

    /// <summary>Writes the row and looks around, once.</summary>
    /// <exception cref="JournalUnavailableException">The table did not answer.</exception>
    public async Task BeatAsync(CancellationToken cancellation)
    {
        var before = time.GetUtcNow();
        var read = await table.BeatAsync(new(options.Name, Incarnation, options.Address, options.Protocol, default, _isDraining), cancellation);
        Volatile.Write(ref _seen, MembersSeen.Of(read, options, ClockError(before, read.Clock, time.GetUtcNow())));
        IsCutOff = false;
        if (read.Rows.FirstOrDefault(row => row.Name == options.Name) is not { } mine || mine.Incarnation != Incarnation)
        {
            _departing.TrySetResult(Departure.Superseded);
        }
        else if (mine.IsDraining && !_isDraining)
        {
            _isDraining = true;
            _departing.TrySetResult(Departure.Asked);
        }

        Beaten?.Invoke(Seen);
    }

    /// <summary>Only what the round trip cannot explain: the table read its clock somewhere between.</summary>
    private static TimeSpan ClockError(DateTimeOffset before, DateTimeOffset clock, DateTimeOffset after) =>
        before > clock ? before - clock
        : after < clock ? after - clock
        : TimeSpan.Zero;
}
