using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Engine.Explaining;
using ActorIpam.Engine.Turns;
using ActorIpam.Runtime;
using ActorIpam.Runtime.Actors;

namespace ActorIpam.Engine.Door;

/// <summary>What the doors share: the actors behind them, and how to wait for an answer.</summary>
internal sealed class Workplace(
    MemberPorts ports, MemberOptions options, Supplies supplies, Entry<ResourceCatalog, CatalogEvent> catalog, TurnRunner turns, Mailboxes<Owner, Command> mailboxes)
{
    private DateTimeOffset? _until;

    public MemberPorts Ports => ports;

    public MemberOptions Options => options;

    public Supplies Supplies => supplies;

    /// <summary>What this member remembers of the resources.</summary>
    public Entry<ResourceCatalog, CatalogEvent> Catalog => catalog;

    /// <summary>The owners whose actors have letters, with how many wait.</summary>
    public IReadOnlyDictionary<Owner, int> MailboxDepths => mailboxes.Depths;

    /// <summary>What this member decided lately, for whoever asks why.</summary>
    public DecisionMemory Decisions { get; private init; } = new(options.DecisionBytes);

    /// <summary>When a request that comes in now is given up, or the one request this place was made for.</summary>
    public DateTimeOffset Deadline => _until ?? ports.Time.GetUtcNow() + options.RequestTimeout;

    /// <summary>The same place for one request, whose time began to run elsewhere.</summary>
    public Workplace Until(DateTimeOffset deadline) => new(ports, options, supplies, catalog, turns, mailboxes) { _until = deadline, Decisions = Decisions };

    public string NewId() => ports.Chance.NewId().ToString("N");

    /// <summary>The resources as of now: what was read when the question was asked, or later.</summary>
    /// <returns>The resources and the version of the catalog.</returns>
    public async Task<(ResourceCatalog Catalog, long Version)> CatalogAsync(CancellationToken cancellation)
    {
        await catalog.RefreshAsync(ports.Journal, cancellation);
        var (state, head) = catalog.Recall();
        return (state, head.Version);
    }

    /// <summary>Puts a command into the mailbox of the owner's actor and waits for its answer.</summary>
    /// <exception cref="TooBusyException">The mailbox is full.</exception>
    /// <exception cref="UnavailableException">Nobody answered in time.</exception>
    public Task<TResult> AskAsync<TResult>(Owner owner, Command<TResult> command, CancellationToken cancellation) =>
        mailboxes.TryPost(owner, command)
            ? WaitAsync(command, cancellation)
            : throw new TooBusyException($"Too many requests wait for {owner.Name}.");

    /// <summary>Takes a turn for one command outside any mailbox; only the entries it holds exclude others.</summary>
    public Task<TResult> TurnAsync<TResult>(Command<TResult> command, CancellationToken cancellation)
    {
        _ = turns.RunAsync([command]);
        return WaitAsync(command, cancellation);
    }

    /// <summary>What was read and is to leave as an answer without a unit of its own: read again behind a commit, until both say the same.</summary>
    /// <remarks>
    /// What can be seen may not be durable yet: after a database was restarted in place it shows commits that no standby has, and a standby that takes over has lost them
    /// (protocol.md §5). A commit behind the first read waits for them; the second read tells whether they are still there.
    /// </remarks>
    /// <param name="seen">What was read.</param>
    /// <param name="read">Reads it again.</param>
    /// <param name="same">Whether two readings lead to one answer.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="UnavailableException">Nothing could be committed in time, or every reading was another.</exception>
    public async Task<T> SettledAsync<T>(T seen, Func<Task<T>> read, Func<T, T, bool> same, CancellationToken cancellation)
    {
#if PLANTED_BUGS
        if (EventSourcing.Planted.Is("what-is-read-is-told"))
        {
            return seen;
        }

#endif
        var end = Deadline;
        for (var round = 0; round < options.LossesPerTurn; round++)
        {
            try
            {
                var left = end - ports.Time.GetUtcNow();
                await turns.CommitNothingAsync().WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, ports.Time, cancellation);
            }
            catch (TimeoutException late)
            {
                throw new UnavailableException("What was read could not be confirmed in time.", cause: late);
            }

            var again = await read();
            if (same(seen, again))
            {
                return again;
            }

            seen = again;
        }

        throw new UnavailableException("What was read changed again and again before it could be answered.");
    }

    /// <remarks>The turn goes on when nobody waits any more: what it has sent must become definite.</remarks>
    private async Task<TResult> WaitAsync<TResult>(Command<TResult> command, CancellationToken cancellation)
    {
        try
        {
            var answer = await command.AnswerAsync().WaitAsync(Left(command), ports.Time, cancellation);
            await ports.Faults.PassAsync(FaultPoint.AnswerLeaving);
            return answer;
        }
        catch (TimeoutException late)
        {
            throw new UnavailableException("The request was not answered in time.", cause: late);
        }
    }

    /// <summary>Nothing is left for what waited too long elsewhere, and when the clock was set meanwhile.</summary>
    private TimeSpan Left(Command command)
    {
        var left = command.Deadline - ports.Time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}

/// <summary>A queue is full. Nothing was done; ask again a little later.</summary>
public sealed class TooBusyException(string message) : Exception(message)
{
    public TimeSpan RetryAfter { get; } = TimeSpan.FromMilliseconds(250);
}
