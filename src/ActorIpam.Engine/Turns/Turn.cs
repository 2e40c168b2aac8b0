using System.Collections.Immutable;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Turns;

/// <summary>The commands of one turn that are not answered yet, and what was gathered for them.</summary>
internal sealed class Turn(IReadOnlyList<Command> commands)
{
    private int _losses;
    private int _rounds;

    /// <summary>So many commands are planned together: half as many behind each loss, twice as many behind each unit that was won.</summary>
    private int _together = Math.Max(1, commands.Count);

    /// <summary>What is to fail alone.</summary>
    private List<Command>? _givenUp;

    /// <summary>The last plan found something lacking that it had not asked for before.</summary>
    private bool _asksForMore;

    public List<Command> Open { get; } = [.. commands];

    public Needs Needs { get; private set; } = new();

    /// <summary>Drops what nobody waits for any more: it is not started (protocol.md §4).</summary>
    public void Expire(DateTimeOffset now) => Open.RemoveAll(command =>
    {
        if (command.Deadline > now)
        {
            return false;
        }

        command.Fail(new UnavailableException("The request was not reached in time."));
        return true;
    });

    /// <summary>A source that ends waiting at the earliest deadline.</summary>
    public CancellationTokenSource DeadlineFrom(TimeProvider time) => new(Open.Min(static command => command.Deadline) - time.GetUtcNow(), time);

    /// <summary>Plans the commands in their order, as many as fit one unit.</summary>
    /// <returns>The drafted ones; none when something is lacking, which is then noted in the needs.</returns>
    public List<Command> Plan(Draft draft, int mostAddresses)
    {
        var known = Needs.Count;
        var drafted = PlanInOrder(draft, mostAddresses);
        _asksForMore = Needs.Count > known;
        return drafted;
    }

    public void Settle(List<Command> drafted)
    {
        drafted.ForEach(static command => command.Settle());
        Open.RemoveAll(drafted.Contains);
        Needs = new();
        _rounds = 0;
        _together = Math.Min(2 * _together, Math.Max(1, Open.Count));
        ClearLosses();
    }

    /// <summary>Fails what cannot be decided: all commands, or those whose unit was lost too often.</summary>
    public void Fail(Exception cause)
    {
        var failed = _givenUp ?? [.. Open];
        failed.ForEach(command => command.Fail(cause));
        Open.RemoveAll(failed.Contains);
        _givenUp = null;
        ClearLosses();
    }

    public void ClearLosses() => _losses = 0;

    /// <summary>Everything held or read is read again before it is used: after a failure nothing remembered is trusted.</summary>
    public void Forget()
    {
        foreach (var entry in Needs.Held.Values.Concat(Needs.Read.Values))
        {
            entry.MarkStale();
        }
    }

    /// <summary>A round that gathered nothing new. Bounded: a plan that is never satisfied must not spin. Whoever asks for more each time gets on: a request may look at hundreds of blocks.</summary>
    public void CountRound(int most)
    {
        _rounds += _asksForMore ? 0 : 1;
        if (_rounds > most)
        {
            throw new UnavailableException("The allocation changed faster than it could be decided.");
        }
    }

    /// <summary>
    /// Counts a lost unit. Losses to a change of policy do not count: they end by themselves. Nor do those to a pool's head: when many hosts
    /// start at once each claim moves it, and one of them always wins.
    /// </summary>
    /// <remarks>
    /// What rests on several blocks is tried again in halves: the fewer they are, the likelier it is that nobody else wrote one of them meanwhile. What rests on one wins or loses as a
    /// whole, and stays together.
    /// </remarks>
    /// <param name="moved">The streams that others wrote.</param>
    /// <param name="unit">What was lost.</param>
    /// <param name="drafted">Its commands.</param>
    /// <param name="options">How often is too often.</param>
    /// <exception cref="UnavailableException">It was lost too often: its commands are given up, and the others go on.</exception>
    public void CountLoss(ImmutableArray<StreamId> moved, Unit unit, List<Command> drafted, MemberOptions options)
    {
        if (!moved.All(static stream => stream == Streams.Policy || stream.Value.StartsWith("pool/", StringComparison.Ordinal)))
        {
            _together = BlocksOf(unit) > 1 ? Math.Max(1, drafted.Count / 2) : _together;
            _losses++;
        }

        if (_losses > options.LossesPerTurn)
        {
            _givenUp = drafted;
            throw new UnavailableException($"Others won {options.LossesPerTurn} times in a row.");
        }

        CountRound(options.RoundsPerTurn);
    }

    /// <summary>How many blocks it writes or was decided by.</summary>
    private static int BlocksOf(Unit unit) =>
        unit.Appends.Select(static append => append.Stream).Concat(unit.Fences.Select(static fence => fence.Stream))
            .Count(static stream => stream.Value.StartsWith(Streams.Blocks, StringComparison.Ordinal));

    private List<Command> PlanInOrder(Draft draft, int mostAddresses)
    {
        Needs.IsUnmet = false;
        var drafted = new List<Command>();
        foreach (var command in Open.ToArray())
        {
            if (draft.Touched >= mostAddresses || drafted.Count >= _together)
            {
                break;
            }

            var mark = draft.Mark();
            switch (command.Plan(draft))
            {
                case Planned.Drafted:
                    drafted.Add(command);
                    break;
                case Planned.Waits:
                    return [];
                case Planned.NextTurn:
                    draft.Rewind(mark);
                    return drafted;
                case Planned.Failed:
                    draft.Rewind(mark);
                    Open.Remove(command);
                    break;
            }
        }

        return drafted;
    }
}
