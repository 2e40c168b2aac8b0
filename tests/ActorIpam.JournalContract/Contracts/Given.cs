using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using Shouldly;

namespace ActorIpam.JournalContract.Contracts;

/// <summary>The sample world of the contracts: short ways to write units and rows, and to say what must become of them.</summary>
internal static class Given
{
    public static readonly StreamId Pool = new("pool/web"), Block = new("block/10.0.0.0/28"), Policy = new("policy"), HostA = new("host/host:a");
    public static readonly Owner A = Owner.Host("a"), B = Owner.Host("b");
    public static readonly Cidr Web = Cidr.Parse("10.0.0.0/28");

    private static int _commits;

    /// <remarks>In whole microseconds: no journal has to keep more.</remarks>
    public static DateTimeOffset At(double seconds) => new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(Math.Round(seconds * 1_000_000));

    public static IpAddress Ip(string text) => IpAddress.Parse(text);

    public static CommitId NewCommit() => new(new Guid(Interlocked.Increment(ref _commits), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10));

    public static Unit Unit(params Append[] appends) => new(NewCommit()) { At = At(0), Member = "m1", Appends = [.. appends] };

    public static Unit Guarded(params Guard[] guards) => Unit() with { Guards = [.. guards] };

    public static Unit Showing(params ViewChange[] changes) => Unit() with { Views = [.. changes] };

    public static Append Append(StreamId stream, Head expected, string events = """[{"type":"sample"}]""") => new(stream, expected, 1, events);

    public static AddressRow Row(string ip, long generation = 1, string? handle = null, Owner? holder = null) => new(
        Ip(ip), Cidr.Containing(Ip(ip), 28), generation, handle, holder ?? A, ImmutableSortedDictionary<string, string>.Empty, At(generation), null);

    public static IpamViewChange Held(string ip, long generation = 1, string? handle = null, Owner? holder = null) =>
        new IpamViewChange.AddressHeld(Row(ip, generation, handle, holder));

    public static IpamViewChange Freed(string ip, long generation = 1, double at = 100) =>
        new IpamViewChange.AddressFreed(Ip(ip), generation, "web", At(at), "released");

    public static BlockRow BlockOf(string cidr, Owner? owner = null, int free = 0, int cooling = 0)
    {
        var block = Cidr.Parse(cidr);
        var size = (int)block.Size;
        var assigned = size - free - cooling;
        return new(
            block, "web", owner, 1, size, free, assigned, cooling, 0, owner is null ? assigned : 0,
            owner is null ? null : At(1), cooling > 0 ? At(2) : null);
    }

    public static IpamViewChange Stands(string cidr, Owner? owner = null, int free = 0, int cooling = 0) =>
        new IpamViewChange.BlockStands(BlockOf(cidr, owner, free, cooling));

    public static async Task<Outcome> AppendAsync(this IJournalUnderTest under, Unit unit) =>
        (await under.Journal.AppendAsync([unit])).ShouldHaveSingleItem();

    /// <summary>Writes a unit that must win, and gives the head its commit leaves behind a version.</summary>
    public static async Task<CommitId> WinAsync(this IJournalUnderTest under, Unit unit)
    {
        (await under.AppendAsync(unit)).ShouldBeOfType<Outcome.Won>();
        return unit.Commit;
    }

    /// <summary>Appends once to a stream and gives its new head.</summary>
    public static async Task<Head> MoveAsync(this IJournalUnderTest under, StreamId stream, Head from) =>
        from.Next(await under.WinAsync(Unit(Append(stream, from))));

    public static async Task<Head> HeadAsync(this IJournalUnderTest under, StreamId stream) =>
        (await under.Journal.HeadsAsync([stream], CancellationToken.None)).ShouldHaveSingleItem();
}
