using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Resources;
using ActorIpam.EventSourcing;
using Shouldly;

namespace ActorIpam.Specs.Catalog;

public class CatalogEventCodecSpecs
{
    private static readonly CatalogEventCodec Codec = new();

    /// <summary>One of each fact and of each kind, as they were first written. The file never changes; new facts get new files.</summary>
    private static readonly string Golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Catalog", "Golden", "catalog-events-1.json")).TrimEnd();

    [Fact]
    public void Events_are_written_as_they_always_were() => Codec.Write(Story()).ShouldBe(Golden);

    [Fact]
    public void Events_of_the_past_are_read_and_written_back_unchanged()
    {
        var events = Codec.Read(Golden, 1);
        events.Count.ShouldBe(6);
        events[^1].ShouldBe(new CatalogEvent.Deleted(ResourceKind.IPPool, "web", "uid-1"));
        Codec.Write(events).ShouldBe(Golden);
    }

    [Fact]
    public void Steps_of_a_recovery_are_written_and_read_as_they_always_were()
    {
        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Catalog", "Golden", "catalog-events-2.json")).TrimEnd();
        var at = new DateTimeOffset(2026, 8, 4, 14, 2, 0, TimeSpan.Zero);
        CatalogEvent[] steps =
        [
            new CatalogEvent.RecoveryBegun(at, at.AddMinutes(30)),
            new CatalogEvent.HolderReported(Owner.Host("host-1"), at.AddMinutes(31)),
            new CatalogEvent.RecoveryEnded(at.AddMinutes(32), 1),
        ];

        Codec.Write(steps).ShouldBe(golden);
        Codec.Read(golden, 1).ShouldBe(steps);
    }

    [Theory]
    [InlineData("""[{"type":"ResourceRenamed"}]""")]
    [InlineData("""[{"type":"ResourceDeleted","kind":"IPPool","name":"web"}]""")]
    [InlineData("""[{"type":"ResourceDeleted","kind":"Unheard","name":"web","uid":"1"}]""")]
    [InlineData("""[{"type":"ResourceCreated","resource":{"apiVersion":"projectcalico.org/v3","kind":"IPPool","metadata":{"name":"web"},"spec":{"new":1}}}]""")]
    [InlineData("""{"type":"ResourceDeleted"}""")]
    [InlineData("[null]")]
    [InlineData("not json")]
    public void What_is_not_known_is_refused_and_never_skipped(string events) =>
        Should.Throw<UnreadableEventException>(() => Codec.Read(events, 1));

    [Fact]
    public void Another_schema_is_refused() => Should.Throw<UnreadableEventException>(() => Codec.Read("[]", 2));

    private static List<CatalogEvent> Story()
    {
        var given = Given.Nothing;
        var pool = Given.Pool("web", "10.0.0.0/16", spec => spec with { NodeSelector = "tier == \"front\" && !has(x)" });
        var host = new Node(new("host-1") { Labels = Given.Map("tier", "front"), Annotations = Given.Map("note", "rack <7>") }, new()
        {
            Bgp = new() { Ipv4Address = "192.168.0.7/24", Ipv6Address = "fd01::7/64", Ipv4IpipTunnelAddr = "10.0.0.1", AsNumber = "64512", RouteReflectorClusterId = "1.1.1.1" },
            Ipv4VxlanTunnelAddr = "10.0.0.2",
            Ipv6VxlanTunnelAddr = "fd00::2",
            VxlanTunnelMacAddr = "66:3e:ca:a4:db:65",
            Addresses = [new("192.168.0.7", "InternalIP")],
            OrchRefs = [new("host-1", "k8s")],
        });
        return
        [
            given.Take(given.Creating(pool)),
            given.Take(given.Creating(host)),
            given.Take(given.Creating(new IpReservation(new("gateways"), ["10.0.0.1", "fd00::/120"]))),
            given.Take(given.Creating(new IpamConfiguration(new("default"), new() { StrictAffinity = true }))),
            given.Take(given.Updating(pool with { Spec = pool.Spec with { NamespaceSelector = "has(team)", AllowedUses = ["Workload"], VxlanMode = "CrossSubnet" } })),
            given.Take(given.Catalog.DecideDelete(ResourceKind.IPPool, "web", null)),
        ];
    }
}
