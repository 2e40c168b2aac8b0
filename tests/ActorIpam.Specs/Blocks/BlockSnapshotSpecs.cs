using System.Text.Json.Nodes;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;

namespace ActorIpam.Specs.Blocks;

/// <summary>INV-7: a snapshot and the events behind it give the state that all events give.</summary>
public sealed class BlockSnapshotSpecs
{
    private static readonly BlockSnapshotCodec Codec = BlockSnapshotCodec.Instance;
    private static readonly Owner Web = Owner.Host("web"), Lb = Owner.Virtual("lb");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Golden => [.. JsonNode.Parse(File.ReadAllText(GoldenFile()))!.AsArray().Select(item => item!.ToJsonString())];

    [Fact]
    public void At_whatever_event_a_snapshot_is_taken_the_rest_leads_to_the_same_block()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var beginning = Block.At(Cidr.Parse("10.0.0.0/28"));
            var facts = Life(new Random(seed), beginning);
            var whole = Codec.Write(facts.Aggregate(beginning, (block, fact) => block.Apply(fact)));
            for (var at = 0; at <= facts.Count; at++)
            {
                var snapshot = Codec.Write(facts.Take(at).Aggregate(beginning, (block, fact) => block.Apply(fact)));
                var rest = facts.Skip(at).Aggregate(Codec.Read(beginning, snapshot, Codec.Schema), (block, fact) => block.Apply(fact));
                Codec.Write(rest).ShouldBe(whole, $"seed {seed}, snapshot behind event {at}");
                rest.Row(9).ShouldBe(facts.Aggregate(beginning, (block, fact) => block.Apply(fact)).Row(9));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Golden))]
    public void A_golden_snapshot_is_read_and_written_in_the_same_words(string state) =>
        JsonNode.DeepEquals(JsonNode.Parse(Codec.Write(Codec.Read(Block.At(Cidr.Parse("10.0.0.0/28")), state, 1))), JsonNode.Parse(state)).ShouldBeTrue(state);

    [Fact]
    public void What_a_newer_member_adds_is_passed_over_and_its_schema_is_not()
    {
        var state = """{"open":false,"lastEventAt":"2026-03-01T12:00:00+00:00","colour":{"deep":[1]}}""";
        Codec.Read(Block.At(Cidr.Parse("10.0.0.0/28")), state, 1).LastEventAt.ShouldBe(Noon);
        Should.Throw<UnreadableEventException>(() => Codec.Read(Block.At(Cidr.Parse("10.0.0.0/28")), state, 2)).Message.ShouldContain("schema 2");
    }

    [Theory]
    [InlineData("""{"open":true,"lastEventAt":"2026-03-01T12:00:00Z","pool":"p","held":[],"cooling":[],"unused":[[0,14]],"returned":[]}""")]
    [InlineData("""{"open":true,"lastEventAt":"2026-03-01T12:00:00Z","pool":"p","held":[],"cooling":[],"unused":[[0,16]],"returned":[]}""")]
    [InlineData("""{"open":true,"lastEventAt":"2026-03-01T12:00:00Z","pool":"p","held":[],"cooling":[],"unused":[[0,15]],"returned":[3]}""")]
    [InlineData("""{"open":true,"lastEventAt":"2026-03-01T12:00:00Z","pool":"p","hostReserved":{"start":9,"end":9},"held":[],"cooling":[],"unused":[],"returned":[]}""")]
    [InlineData("""{"open":true,"lastEventAt":"2026-03-01T12:00:00Z","pool":"p","held":[],"cooling":[],"unused":[[0]],"returned":[]}""")]
    [InlineData("""{"lastEventAt":"2026-03-01T12:00:00Z"}""")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("\uD800")]
    public void A_state_that_cannot_be_is_refused(string state) =>
        Should.Throw<UnreadableEventException>(() => Codec.Read(Block.At(Cidr.Parse("10.0.0.0/28")), state, 1));

    /// <summary>A block that is opened, used, orphaned, closed and opened again.</summary>
    private static List<BlockEvent> Life(Random chance, Block block)
    {
        var facts = new List<BlockEvent>();
        for (var generation = 1; generation < 60; generation++)
        {
            var now = Noon.AddSeconds(generation);
            var held = Enumerable.Range(0, block.IsOpen ? block.Size : 0).Where(ordinal => block.Slots[ordinal].State == SlotState.Held).ToList();
            BlockEvent? next = chance.Next(10) switch
            {
                _ when !block.IsOpen => new BlockEvent.Opened("pool-1", Web, now, chance.Next(2) == 0 ? new(2, 1, HostReserved.WindowsHandle) : null),
                < 5 when block.Free.Count > 0 => new BlockEvent.AddressAssigned(block.Free.InOrder().ElementAt(chance.Next(block.Free.Count)), generation, chance.Next(2) == 0 ? "pod" : null, chance.Next(3) == 0 ? Lb : Web, null, chance.Next(2) == 0 ? now : null, "own"),
                < 8 when held.Count > 0 => held[chance.Next(held.Count)] is var ordinal ? new BlockEvent.AddressReleased(ordinal, block.Slots[ordinal].Generation, now, "asked") : null,
                8 when !block.Cooling.IsEmpty => new BlockEvent.CooldownEnded([.. block.Cooling.Keys.Take(1 + chance.Next(3))]),
                9 when block.Owner is not null && chance.Next(4) == 0 => new BlockEvent.AffinityLost("the node was deleted"),
                9 when block.Assigned == 0 && block.Cooling.IsEmpty => new BlockEvent.Closed("empty"),
                _ => null,
            };
            if (next is not null)
            {
                facts.Add(next);
                block = block.Apply(next);
            }
        }

        return facts;
    }

    private static string GoldenFile()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorIpam.sln")))
        {
            folder = folder.Parent ?? throw new FileNotFoundException("No folder above the tests holds ActorIpam.sln.");
        }

        return Path.Combine(folder.FullName, "tests", "ActorIpam.Specs", "Blocks", "Golden", "block-snapshot-1.json");
    }
}
