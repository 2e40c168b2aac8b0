using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Kernel;
using ActorIpam.Simulation.Members;

namespace ActorIpam.Simulation.Journal;

/// <summary>How a member's reads reach the store: each is answered from one instant, later, or not at all.</summary>
internal sealed class Connection(SimulatedStore store, string member, Lane lane)
{
    private readonly Dice _dice = lane.World.Dice($"reads of {lane.Name}");

    public async ValueTask<T> ReadAsync<T>(string point, Func<ValueTask<T>> read, CancellationToken cancellation, bool writes = false)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var cancelled = cancellation.Register(() => answer.TrySetCanceled(cancellation));
        var fault = store.Faults.OfRead(point);
        var way = store.Stalled + Way(fault);
        if (store.Network is { } network && (network.IsCut(member, SimulatedNetwork.Store) || network.IsCut(SimulatedNetwork.Store, member)))
        {
            network.Faults.Met(point, Fault.CutOff);
            (fault, way) = (Fault.ReadFails, _dice.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(4)));
        }

        if (fault == Fault.ReadFails)
        {
            lane.Tell($"{point}: {fault}");
            lane.World.After(way, lane, () => answer.TrySetException(new JournalUnavailableException("simulated")));
        }
        else
        {
            lane.World.After(way, store.Lane, () => Read(read, Way(fault), answer, writes));
        }

        return await answer.Task;
    }

    private void Read<T>(Func<ValueTask<T>> read, TimeSpan way, TaskCompletionSource<T> answer, bool writes)
    {
        if (writes && store.Replication.IsParted)
        {
            // It would wait for the standby: whoever asks gives up first.
            lane.World.After(way, lane, () => answer.TrySetException(new JournalUnavailableException("simulated")));
            return;
        }

        var seen = read();
        var value = seen.IsCompletedSuccessfully ? seen.Result : throw new InvalidOperationException("The store under the simulation must answer reads at once.", seen.AsTask().Exception);
        lane.World.After(way, lane, () => answer.TrySetResult(value));
    }

    private TimeSpan Way(Fault fault) => fault == Fault.ReadIsSlow
        ? _dice.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(3))
        : _dice.Between(TimeSpan.FromMicroseconds(10), TimeSpan.FromMilliseconds(2));
}
