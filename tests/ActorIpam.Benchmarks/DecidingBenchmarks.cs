using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Selectors;
using BenchmarkDotNet.Attributes;

namespace ActorIpam.Benchmarks;

/// <summary>The pure parts of one assignment: what is free next, the event applied, a stream folded, a selector asked.</summary>
public class DecidingBenchmarks
{
    private static readonly Owner Holder = Owner.Host("node-1");
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(50);

    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal) { ["zone"] = "east", ["rack"] = "r-17", ["kubernetes.io/os"] = "linux" };
    private Block _half = Block.Empty;
    private string[] _rows = [];
    private Selector _selector = Selector.All;

    [GlobalSetup]
    public void Prepare()
    {
        var block = Block.At(Cidr.Parse("10.0.0.0/26")).Apply(new BlockEvent.Opened("pool", Holder, Now, null));
        _rows = new string[32];
        for (var i = 0; i < _rows.Length; i++)
        {
            var fact = Next(block, i);
            _rows[i] = BlockEventCodec.Instance.Write([fact]);
            block = block.Apply(fact);
        }

        _half = block;
        _selector = Selector.TryParse("zone == 'east' && rack in {'r-16', 'r-17'} && !has(quarantined)", out var parsed, out _) ? parsed : throw new InvalidOperationException("The selector is bad.");
    }

    [Benchmark]
    public Block Decide_and_apply_one_assignment() => _half.Apply(Next(_half, 32));

    [Benchmark]
    public Block Fold_a_stream_of_32_rows()
    {
        var block = Block.At(Cidr.Parse("10.0.0.0/26")).Apply(new BlockEvent.Opened("pool", Holder, Now, null));
        foreach (var row in _rows)
        {
            foreach (var fact in BlockEventCodec.Instance.Read(row, 1))
            {
                block = block.Apply(fact);
            }
        }

        return block;
    }

    [Benchmark]
    public bool Ask_a_selector() => _selector.Matches(_labels);

    private static BlockEvent.AddressAssigned Next(Block block, int number) =>
        new(block.NextFree(1, static _ => false)[0], number + 2, "handle-" + number, Holder, null, Now, "own", new(7, null, 1, block.Free.Count));
}
