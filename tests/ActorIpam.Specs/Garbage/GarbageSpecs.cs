using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Garbage;
using ActorIpam.Domain.Views;
using Shouldly;

namespace ActorIpam.Specs.Garbage;

/// <summary>semantics.md §12.2 and the CNI operation GC, beyond the conformance cases.</summary>
public sealed class GarbageSpecs
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_runtime_speaks_of_its_network_and_of_what_was_issued_before_its_list()
    {
        var list = new RuntimeList("net", ["net/kept/eth0"], Noon);

        list.Of(Row("net/kept/eth0", issued: -1)).ShouldBeOfType<Sighting.Seen>();
        list.Of(Row("net/kept/eth0", issued: 1)).ShouldBeOfType<Sighting.Seen>();
        list.Of(Row("net/gone/eth0", issued: 0)).ShouldBe(Sighting.Missing.Instance);
        foreach (var other in (AddressRow[])[Row("net/late/eth0", issued: 1), Row("net/unknown/eth0", issued: null), Row("network/c/eth0", issued: -1), Row("net", issued: -1), Row(null, issued: -1)])
        {
            list.Of(other).ShouldBe(Sighting.Unjudged.Instance);
        }
    }

    [Fact]
    public void What_a_source_does_not_speak_of_neither_goes_nor_keeps_another()
    {
        var (old, late) = (Row("net/a/eth0", issued: -1), Row("net/a/eth0", issued: 1) with { Ip = IpAddress.Parse("10.0.0.2") });

        var verdict = GarbageJudge.Judge([old, late], new RuntimeList("net", [], Noon), Suspects.None, new(Noon, HostIsGone: false, TimeSpan.Zero) { IsCertain = true });

        verdict.Released.ShouldBe([old]);
        verdict.HostIsEmptied.ShouldBeFalse("somebody may use the other one");
    }

    [Fact]
    public void A_tunnel_keeps_its_address_as_long_as_its_node_exists_whatever_a_runtime_lists()
    {
        var tunnel = Row("vxlan-tunnel-addr-a", issued: -1);

        GarbageJudge.Judge([tunnel], new RuntimeList("net", [], Noon), Suspects.None, new(Noon, HostIsGone: false, TimeSpan.Zero) { IsCertain = true }).Released.ShouldBeEmpty();
        GarbageJudge.Judge([tunnel], new RuntimeList("net", [], Noon), Suspects.None, new(Noon, HostIsGone: true, TimeSpan.Zero)).Released.ShouldBe([tunnel]);
    }

    [Fact]
    public void The_time_of_a_suspect_begins_when_it_was_first_seen_without_its_workload()
    {
        var row = Row("net/a/eth0", issued: -1);
        var (source, grace) = (new RuntimeList("net", [], Noon), TimeSpan.FromMinutes(15));

        var first = GarbageJudge.Judge([row], source, Suspects.None, new(Noon, false, grace));
        var early = GarbageJudge.Judge([row], source, first.Suspects, new(Noon + grace - TimeSpan.FromSeconds(1), false, grace));
        var due = GarbageJudge.Judge([row], source, early.Suspects, new(Noon + grace, false, grace));

        first.Released.ShouldBeEmpty();
        early.Released.ShouldBeEmpty();
        due.Released.ShouldBe([row]);
        due.Suspects.Since.ShouldBeEmpty();
    }

    private static AddressRow Row(string? handle, double? issued) => new(
        IpAddress.Parse("10.0.0.1"), Cidr.Parse("10.0.0.0/28"), 4, handle, Owner.Host("a"), ImmutableSortedDictionary<string, string>.Empty, Noon,
        issued is { } seconds ? Noon.AddSeconds(seconds) : null);
}
