using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Journal;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Members;

/// <summary>One process's way to the table of members: as late and unreliable as its reads.</summary>
internal sealed class SimulatedMemberTable(SimulatedStore store, string name, Lane lane) : IMemberTable
{
    private readonly Connection _connection = new(store, name, lane);

    public ValueTask<long> DrawIncarnationAsync(CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.Members, () => store.Members.DrawIncarnationAsync(default), cancellation);

    public ValueTask<MembersRead> BeatAsync(MemberRow mine, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.Members, () => store.Members.BeatAsync(mine, default), cancellation);

    public ValueTask<bool> AskToLeaveAsync(string asked, CancellationToken cancellation) =>
        _connection.ReadAsync(Reads.Members, () => store.Members.AskToLeaveAsync(asked, default), cancellation);

    public async ValueTask RemoveAsync(string removed, long incarnation, CancellationToken cancellation) =>
        await _connection.ReadAsync(Reads.Members, async () =>
        {
            await store.Members.RemoveAsync(removed, incarnation, default);
            return true;
        }, cancellation);
}
