using ActorIpam.EventSourcing;
using ActorIpam.Runtime.Membership;
using ActorIpam.Simulation.Faults;
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

    /// <summary>Joins the others, as often as it takes: who speaks another language waits until they have gone.</summary>
    /// <param name="number">The protocol number it speaks.</param>
    public async Task<Presence> JoinAsync(int number)
    {
        while (true)
        {
            var presence = new Presence(this, lane.Clock, new() { Name = name, Address = name, Protocol = number });
            try
            {
                await presence.JoinAsync(CancellationToken.None);
                store.Releases.Join(new(lane.World.Step, name, number, presence.Seen.Rows));
                return presence;
            }
            catch (JournalUnavailableException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), lane.Clock);
            }
            catch (JoinRefusedException refused)
            {
                lane.Tell(refused.Message);
                store.Faults.Met(Reads.Members, Fault.JoinRefused);
                await Task.Delay(TimeSpan.FromSeconds(1), lane.Clock);
            }
        }
    }
}
