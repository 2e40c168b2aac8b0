using System.Diagnostics;
using System.Globalization;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.Engine.Door;
using ActorIpam.EventSourcing;
using ActorIpam.Storage.Postgres;
using ActorIpam.Storage.Sqlite;
using Xunit;
using static ActorIpam.JournalContract.Members.SomeMembers;

namespace ActorIpam.JournalContract.Members;

/// <summary>Makes a journal of a size for whoever wants to try commands on one; no test of the ordinary run.</summary>
/// <remarks>
/// <c>LARGE_JOURNAL</c> is a SQLite file that is not there yet, or a connection string of PostgreSQL; <c>LARGE_ADDRESSES</c> says how many are held at the end
/// (100,000). Everything goes through the door of a member; a third of all handles are released and assigned again.
/// </remarks>
public sealed class LargeJournal
{
    private const int Hosts = 200, PerHandle = 8, AtOnce = 32;

    [Fact]
    public async Task Is_filled_through_the_door()
    {
        var target = Environment.GetEnvironmentVariable("LARGE_JOURNAL");
        Assert.SkipWhen(string.IsNullOrEmpty(target), "LARGE_JOURNAL is not set.");
        var addresses = int.Parse(Environment.GetEnvironmentVariable("LARGE_ADDRESSES") ?? "100000", CultureInfo.InvariantCulture);
        var began = Stopwatch.GetTimestamp();
        if (target!.Contains('=', StringComparison.Ordinal))
        {
            await using var journal = await PostgresJournal.OpenAsync(target, new() { AppendConnections = 4, ReadConnections = 8 }, TimeProvider.System);
            await FillAsync(new(journal, journal, TimeProvider.System, new SomeChance()), addresses);
        }
        else
        {
            await using var journal = await SqliteJournal.OpenAsync(target, new(), TimeProvider.System);
            await FillAsync(new(journal, journal, TimeProvider.System, new SomeChance()), addresses);
        }

        TestContext.Current.SendDiagnosticMessage("{0} addresses in {1}", addresses, Stopwatch.GetElapsedTime(began));
    }

    private static async Task FillAsync(MemberPorts ports, int addresses)
    {
        await using var member = Member.Start(ports, new() { Name = "filler" });
        var door = member.Door;
        Must(await door.CreateAsync(new IpPool(new("large"), new() { Cidr = "10.0.0.0/12", BlockSize = 26 }), dryRun: false, CancellationToken.None));
        for (var host = 0; host < Hosts; host++)
        {
            Must(await door.CreateAsync(new Node(new(HostOf(host)), new()), dryRun: false, CancellationToken.None));
        }

        var handles = addresses / PerHandle;
        await EachAsync(handles, handle => AssignAsync(door, handle));
        await EachAsync(handles / 3, async handle =>
        {
            Must(await door.ReleaseHandleAsync(new() { Handle = NameOf(handle * 3) }, CancellationToken.None));
            await AssignAsync(door, handle * 3);
        });
    }

    private static Task EachAsync(int count, Func<int, Task> work) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, (number, _) => new ValueTask(work(number)));

    private static async Task AssignAsync(IpamDoor door, int handle) => Must(await door.AssignAsync(
        new() { Host = HostOf(handle % Hosts), Handle = NameOf(handle), Ipv4 = PerHandle, Attributes = Metadata.EmptyMap.Add("pod", NameOf(handle)) }, CancellationToken.None));

    private static string HostOf(int number) => string.Create(CultureInfo.InvariantCulture, $"node-{number:000}");

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"pod-{number:00000}");

    private sealed class SomeChance : IChance
    {
        public Guid NewId() => Guid.NewGuid();

        public int Next(int limit) => Random.Shared.Next(limit);
    }
}
