using System.Text.Json.Nodes;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Pools;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;

namespace ActorIpam.Fuzzing;

/// <summary>What a journal holds: events and snapshots are read, or refused with the one error that stops the stream; what was read reads back as the same.</summary>
public sealed class StoredFuzzing
{
    private static readonly Block Beginning = Block.At(Cidr.Parse("10.0.0.0/28"));

    [Fact]
    public void Events_of_blocks_are_read_or_stop_the_stream() => Play(BlockEventCodec.Instance, Golden("Blocks/Golden/block-events-1.json"), share: 1);

    [Fact]
    public void Events_of_pools_are_read_or_stop_the_stream() => Play(PoolEventCodec.Instance, Golden("Pools/Golden/pool-events-1.json"), share: 1);

    [Fact]
    public void Events_of_the_catalog_are_read_or_stop_the_stream() => Play(new CatalogEventCodec(), Golden("Catalog/Golden/catalog-events-1.json"), share: 2);

    [Fact]
    public void Snapshots_of_blocks_are_read_or_passed_over()
    {
        var samples = Golden("Blocks/Golden/block-snapshot-1.json");
        Fuzz.Play(
            chance => chance.Percent(10) ? chance.Of(samples) : Damage.Of(chance.Of(samples), chance),
            text => Read(() => BlockSnapshotCodec.Instance.Read(Beginning, text, 1), block =>
            {
                var printed = BlockSnapshotCodec.Instance.Write(block);
                BlockSnapshotCodec.Instance.Write(BlockSnapshotCodec.Instance.Read(Beginning, printed, 1)).ShouldBe(printed);
                var row = block.Row(1);
                (!block.IsOpen || row.Free + row.Assigned + row.Cooling + row.HostReserved == row.Size).ShouldBeTrue($"INV-6: {row}");
            }));
    }

    private static void Play<TEvent>(IEventCodec<TEvent> codec, string[] samples, int share) => Fuzz.Play(
        chance => chance.Percent(10) ? Row(samples, chance) : Damage.Of(Row(samples, chance), chance),
        text => Read(() => codec.Read(text, codec.Schema), facts =>
        {
            var printed = codec.Write(facts);
            codec.Write(codec.Read(printed, codec.Schema)).ShouldBe(printed);
        }),
        share);

    private static string Row(string[] samples, Chance chance) => $"[{string.Join(",", chance.Some(3, () => chance.Of(samples)))}]";

    private static bool Read<T>(Func<T> read, Action<T> look)
    {
        T value;
        try
        {
            value = read();
        }
        catch (UnreadableEventException refused)
        {
            refused.Message.Length.ShouldBeGreaterThan(0);
            return false;
        }

        look(value);
        return true;
    }

    /// <summary>The items of a golden file of the specifications.</summary>
    private static string[] Golden(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorIpam.sln")))
        {
            folder = folder.Parent ?? throw new FileNotFoundException("No folder above the tests holds ActorIpam.sln.");
        }

        return [.. JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, "tests", "ActorIpam.Specs", file)))!.AsArray().Select(item => item!.ToJsonString())];
    }
}
