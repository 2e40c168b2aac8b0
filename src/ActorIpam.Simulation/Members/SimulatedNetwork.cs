using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine;
using ActorIpam.Engine.Door;
using ActorIpam.Engine.Forwarding;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Journal;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Members;

/// <summary>The network that members share: it loses, doubles, delays and so reorders what they say to each other, and is cut in two, one way, or between some only.</summary>
public sealed class SimulatedNetwork(World world, FaultPlan faults, Releases releases)
{
    /// <summary>The store's place in the network.</summary>
    public const string Store = "store";

    private readonly Dictionary<string, SimulatedMember> _members = [];
    private readonly HashSet<(string From, string To)> _cuts = [];
    private readonly HashSet<string> _doubled = new(StringComparer.Ordinal);

    public FaultPlan Faults => faults;

    /// <summary>The ids of the requests of which one member got two copies from another.</summary>
    public IReadOnlySet<string> Doubled => _doubled;

    /// <summary>True while nothing gets from the one to the other.</summary>
    public bool IsCut(string from, string to) => _cuts.Contains((from, to));

    /// <summary>From now on nothing gets from the one to the other.</summary>
    public void Cut(string from, string to)
    {
        world.Tell("network", $"nothing gets from {from} to {to}");
        _cuts.Add((from, to));
    }

    public void Mend(string from, string to) => _cuts.Remove((from, to));

    /// <summary>Everything arrives again.</summary>
    public void Heal() => _cuts.Clear();

    internal void Join(SimulatedMember member) => _members[member.Name] = member;

    internal SimulatedMember? Find(string name) => _members.GetValueOrDefault(name);

    private void NoteDoubled(object? request)
    {
        if (request is AssignRequest { RequestId: { } assign })
        {
            _doubled.Add(assign);
        }
        else if (request is AssignIpRequest { RequestId: { } given })
        {
            _doubled.Add(given);
        }
    }

    private void NoteServed((string Name, int Number) from, string to, string call) =>
        releases.Served(new(world.Step, call, from.Name, from.Number, to, _members[to].Number));

    /// <summary>A request as a member of another release understands it: one number apart as it was meant, farther apart without the time of issue.</summary>
    /// <remarks>That is what the protocol number stands for: it grows when an older program could misunderstand.</remarks>
    private TRequest Understood<TRequest>(TRequest request, (string Name, int Number) from, string to, string call)
    {
        if (Math.Abs(from.Number - _members[to].Number) < 2)
        {
            return request;
        }

        world.Tell("network", $"{call} from {from.Name} is misread by {to}");
        faults.Met(Messages.Of(call), Fault.Misread);
        return request switch
        {
            AssignRequest assign => (TRequest)(object)(assign with { IssuedAt = null }),
            AssignIpRequest given => (TRequest)(object)(given with { IssuedAt = null }),
            _ => request,
        };
    }

    /// <summary>The way to others of one process.</summary>
    internal IPeers PeersOf(string name, Lane lane) => new Peers(this, name, lane);

    private sealed class Peers(SimulatedNetwork network, string name, Lane lane) : IPeers
    {
        private readonly int _number = network._members[name].Number;

        private readonly Dice _dice = lane.World.Dice($"messages of {lane.Name}");

        public async Task<Answer<TAnswer>> AskAsync<TRequest, TAnswer>(
            MemberRow peer, ForwardedCall<TRequest, TAnswer> call, TRequest request, TimeSpan remaining, CancellationToken cancellation)
        {
            var answer = new TaskCompletionSource<Answer<TAnswer>>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var cancelled = cancellation.Register(() => answer.TrySetCanceled(cancellation));
            var fault = network.Faults.OfMessage(Messages.Of(call.Name));
            lane.Tell($"{call.Name} → {peer.Name}{(fault == Fault.None ? "" : $": {fault}")}");
            if (network.IsCut(name, peer.Name))
            {
                network.Faults.Met(Messages.Of(call.Name), Fault.CutOff);
                fault = Fault.MessageLost;
            }

            if (fault == Fault.MessageLost)
            {
                // Half of what is lost breaks the connection at once; of the rest nobody hears anything.
                BreakSometimes(answer);
                return await answer.Task;
            }

            var way = fault == Fault.MessageLate ? _dice.Between(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5)) : Way();
            Deliver(peer.Name, way, call, request, remaining, fault == Fault.MessageUnanswered ? null : answer);
            if (fault == Fault.MessageTwice)
            {
                network.NoteDoubled(request);
                Deliver(peer.Name, way + _dice.Between(TimeSpan.Zero, TimeSpan.FromSeconds(5)), call, request, remaining, answer);
            }

            if (fault == Fault.MessageUnanswered)
            {
                BreakSometimes(answer);
            }

            return await answer.Task;
        }

        private void Deliver<TRequest, TAnswer>(
            string peer, TimeSpan way, ForwardedCall<TRequest, TAnswer> call, TRequest request, TimeSpan remaining, TaskCompletionSource<Answer<TAnswer>>? answer) =>
            network.Find(peer)?.Receive(
                way,
                door => door.ServeAsync(call, network.Understood(request, (name, _number), peer, call.Name), remaining, _number, CancellationToken.None),
                (served, failure) =>
                {
                    if (failure is null)
                    {
                        network.NoteServed((name, _number), peer, call.Name);
                    }

                    Reply(peer, served, failure, answer);
                });

        /// <summary>The answer on its way back, if it comes through.</summary>
        private void Reply<TAnswer>(string peer, Answer<TAnswer> served, Exception? failure, TaskCompletionSource<Answer<TAnswer>>? answer)
        {
            if (answer is null || network.IsCut(peer, name))
            {
                return;
            }

            lane.World.After(Way(), lane, () => _ = failure switch
            {
                null => answer.TrySetResult(served),
                TooBusyException or UnavailableException => answer.TrySetException(failure),
                _ => answer.TrySetException(new PeerSilentException("The connection broke.", failure)),
            });
        }

        private void BreakSometimes<TAnswer>(TaskCompletionSource<Answer<TAnswer>> answer)
        {
            if (_dice.Next(2) == 0)
            {
                lane.World.After(Way(), lane, () => answer.TrySetException(new PeerSilentException("The connection broke.")));
            }
        }

        private TimeSpan Way() => _dice.Between(TimeSpan.FromMicroseconds(10), TimeSpan.FromMilliseconds(2));
    }
}
