using System.Collections.Immutable;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Turns;

/// <summary>The commands of one turn that are not answered yet, and what was gathered for them.</summary>
internal sealed class Turn(IReadOnlyList<Command> commands)
{
    private int _losses;
    private int _rounds;

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
        ClearLosses();
    }

    public void Fail(Exception cause)
    {
        Open.ForEach(command => command.Fail(cause));
        Open.Clear();
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
    public void CountLoss(ImmutableArray<StreamId> moved, MemberOptions options)
    {
        _losses += moved.All(static stream => stream == Streams.Policy || stream.Value.StartsWith("pool/", StringComparison.Ordinal)) ? 0 : 1;
        if (_losses > options.LossesPerTurn)
        {
            throw new UnavailableException($"Others won {options.LossesPerTurn} times in a row.");
        }

        CountRound(options.RoundsPerTurn);
    }

    private List<Command> PlanInOrder(Draft draft, int mostAddresses)
    {
        Needs.IsUnmet = false;
        var drafted = new List<Command>();
        foreach (var command in Open.ToArray())
        {
            if (draft.Touched >= mostAddresses)
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
