using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Clients;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;
using ActorIpam.Simulation.Laws;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>Writes a history: what was asked and answered, and what the store said. It begins with a pool and a node.</summary>
internal sealed class Past
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly List<Exchange> _exchanges = [];
    private readonly List<Commit> _commits = [];

    public Past() => Commit(0, Stored("IPPool", "p", """{"metadata":{"name":"p"},"spec":{"cidr":"10.0.0.0/30"}}"""), Stored("Node", "h1", """{"metadata":{"name":"h1"}}"""));

    public History History
    {
        get
        {
            var state = JournalState.Empty;
            var commits = new List<Commit>();
            foreach (var commit in _commits.OrderBy(commit => commit.Instant))
            {
                state = After(state, commit.Unit);
                commits.Add(commit with { After = state });
            }

            return new([.. _exchanges.OrderBy(exchange => exchange.Asked)], commits, true);
        }
    }

    public static IpamViewChange.ResourceStored Stored(string kind, string name, string body) => new(new(kind, name, name, 1, body));

    public void Asked(Exchange exchange) => _exchanges.Add(exchange);

    public void Commit(long instant, params ViewChange[] changes) => Write(instant, new(default) { At = Noon, Member = "m1", Views = [.. changes] });

    public void Commit(long instant, Unit unit) => Write(instant, unit);

    public void Append(long instant, StreamId stream, Head expected, string events = "[]") =>
        Write(instant, new(default) { At = Noon, Member = "m1", Appends = [new(stream, expected, 1, events)] });

    /// <summary>The same, with an address that is held from then on.</summary>
    public void AppendHolding(long instant, StreamId stream, string events, string handle, string ip) =>
        Write(instant, new(default) { At = Noon, Member = "m1", Appends = [new(stream, Head.None, 1, events)], Views = [Held(handle, ip, 1, null)] });

    public void Hold(long instant, string handle, string ip, long generation, DateTimeOffset? issued = null) =>
        Commit(instant, Held(handle, ip, generation, issued));

    private static IpamViewChange.AddressHeld Held(string handle, string ip, long generation, DateTimeOffset? issued) =>
        new(new(IpAddress.Parse(ip), Cidr.Parse("10.0.0.0/30"), generation, handle, Owner.Host("h1"), Metadata.EmptyMap, Noon, issued));

    public void Free(long instant, string ip, long generation) => Commit(instant, new IpamViewChange.AddressFreed(IpAddress.Parse(ip), generation, "uid", Noon, "asked"));

    public void Answered(long asked, long answered, string request, string handle, string ip, long generation, DateTimeOffset? issued = null, int cap = 0) =>
        Asked(new Exchange.Assigning("m1", asked, new() { Host = "h1", Handle = handle, Ipv4 = 1, RequestId = request, IssuedAt = issued, MaxPerHandle = cap })
        {
            Answered = answered,
            Answer = Granted(handle, ip, generation),
        });

    public static AssignAnswer Granted(string handle, string ip, long generation) =>
        new() { Ipv4 = [new() { Address = ip, Cidr = "10.0.0.0/30", Block = "10.0.0.0/30", Handle = handle, Generation = generation }] };

    public void Assigned(long asked, long answered, string request, string handle, string ip, long generation, long committed, DateTimeOffset? issued = null, int cap = 0)
    {
        Granted(committed, request, handle, ip, generation, issued);
        Answered(asked, answered, request, handle, ip, generation, issued, cap);
    }

    /// <summary>The same, for who named the address.</summary>
    public void Given(long asked, long answered, string request, string handle, string ip, long generation, long committed, int cap = 0)
    {
        Granted(committed, request, handle, ip, generation, issued: null);
        Asked(new Exchange.AssigningGiven("m1", asked, new() { Host = "h1", Handle = handle, Ip = ip, RequestId = request, MaxPerHandle = cap }) { Answered = answered, Answer = Granted(handle, ip, generation).Ipv4[0] });
    }

    /// <summary>The store grants it, and nobody hears of it.</summary>
    public void Granted(long committed, string request, string handle, string ip, long generation, DateTimeOffset? issued) => Write(committed, new(default)
    {
        At = Noon,
        Member = "m1",
        Guards = [new IpamGuard.NewRequest(request, "", issued, handle, [new(IpAddress.Parse(ip), generation)])],
        Views = [Held(handle, ip, generation, issued)],
    });

    public void Released(long asked, long answered, string handle, ImmutableArray<string> released, DateTimeOffset? final = null) =>
        Asked(new Exchange.ReleasingHandle("m1", asked, new() { Handle = handle, Final = final is not null, IssuedAt = final }) { Answered = answered, Answer = new ReleaseHandleAnswer { Released = released } });

    private void Write(long instant, Unit unit) => _commits.Add(new(instant, Noon.AddMilliseconds(instant), unit, JournalState.Empty));

    private static JournalState After(JournalState state, Unit unit) => unit.Views.Aggregate(
        state with
        {
            Heads = unit.Appends.Aggregate(state.Heads, (heads, append) => heads.SetItem(append.Stream, append.Expected.Next(unit.Commit))),
            Handles = unit.Guards.OfType<IpamGuard.HandleClose>().Aggregate(state.Handles, (handles, close) => handles.SetItem(close.Handle, close.Through)),
            Requests = state.Requests.SetItems(unit.Guards.OfType<IpamGuard.NewRequest>().Select(request => KeyValuePair.Create(request.Id, new RequestRow(request.Id, request.Digest, request.Issued, request.Grant, unit.At)))),
            HandlesAt = unit.Guards.OfType<IpamGuard.HandleClose>().Aggregate(state.HandlesAt, (handles, close) => handles.SetItem(close.Handle, unit.At)),
        },
        (now, change) => change switch
        {
            IpamViewChange.AddressHeld held => now with { Addresses = now.Addresses.SetItem(held.Row.Ip, held.Row) },
            IpamViewChange.AddressFreed freed => now with
            {
                Addresses = now.Addresses.Remove(freed.Ip),
                History = now.Addresses.TryGetValue(freed.Ip, out var row) ? now.History.SetItem(freed.Ip, [.. now.History.GetValueOrDefault(freed.Ip, []), new(row, freed.Pool, freed.ReleasedAt, freed.Why)]) : now.History,
            },
            IpamViewChange.BlockStands stands => now with { Blocks = now.Blocks.SetItem(stands.Row.Block, stands.Row) },
            IpamViewChange.CloseForgotten forgotten => now with { Handles = now.Handles.Remove(forgotten.Handle), HandlesAt = now.HandlesAt.Remove(forgotten.Handle) },
            IpamViewChange.ResourceGone gone => now with { Resources = now.Resources.Remove(new(gone.Kind, gone.Name)) },
            IpamViewChange.ResourceStored stored => now with { Resources = now.Resources.SetItem(new(stored.Row.Kind, stored.Row.Name), stored.Row) },
            _ => now,
        });
}
