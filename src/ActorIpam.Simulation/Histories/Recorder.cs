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

    public History History(bool settled) => new(_exchanges, store.Commits, settled);
}
