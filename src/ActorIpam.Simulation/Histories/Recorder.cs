using ActorIpam.Simulation.Journal;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Histories;

/// <summary>Writes the history of a world while it runs.</summary>
public sealed class Recorder(World world, SimulatedStore store)
{
    private readonly List<Exchange> _exchanges = [];

    public long Now => world.Step;

    /// <summary>Notes a question. The place returned is where its answer will go.</summary>
    public int Ask(Exchange exchange)
    {
        _exchanges.Add(exchange);
        return _exchanges.Count - 1;
    }

    public void Answer(int place, Exchange answered) => _exchanges[place] = answered with { Answered = world.Step };

    /// <summary>The attempt is over and certainly did nothing.</summary>
    public void Decline(int place) => _exchanges[place] = _exchanges[place] with { Declined = world.Step };

    /// <summary>The attempt is over: nobody heard of it.</summary>
    public void Miss(int place) => _exchanges[place] = _exchanges[place] with { ReachedNobody = true };

    /// <summary>What clients of a host were told is theirs, and they have not asked to be released, whether anybody heard of it or not: the addresses it uses.</summary>
    public IEnumerable<Acknowledged> InUse(string host) =>
        Grants.Of(new History([.. _exchanges], store.Commits, Settled: false).AsAsked()).Where(grant => grant.Host == host && grant.ReleaseAsked == Exchange.Never);

    /// <remarks>
    /// After the store went back, what had been asked before has no answer that could be held against it, though it may still have effects.
    /// </remarks>
    public History History(bool settled) => store.WentBackAt is not { } since
        ? new(_exchanges, store.Commits, settled) { Ended = world.Now, Shown = store.Replication.Lost, Releases = store.Releases }
        : new([.. _exchanges.Where(exchange => exchange.Answered >= since).Select(exchange => exchange.Asked > since ? exchange : exchange with { Answered = Exchange.Never })], store.Commits, settled)
        {
            Ended = world.Now,
            Since = since,
            Lost = store.Lost,
            Earlier = [.. _exchanges.Where(exchange => exchange.Asked <= since)],
        };
}
