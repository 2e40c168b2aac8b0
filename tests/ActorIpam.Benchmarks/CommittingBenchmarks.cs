using System.Collections.Immutable;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Runtime.GroupCommit;
using ActorIpam.Storage.Postgres;
using BenchmarkDotNet.Attributes;

namespace ActorIpam.Benchmarks;

/// <summary>The way of 64 units to the journal: how they are written down for PostgreSQL, and group commit itself on the journal in memory.</summary>
public class CommittingBenchmarks
{
    private const int Units = 64;

    private readonly Assignments _made = new(Units);
    private ImmutableArray<Unit> _batch = [];
    private Committer? _committer;

    [GlobalSetup]
    public void Prepare()
    {
        _batch = _made.Next();
        _committer = new(new MemoryJournal(), TimeProvider.System, new Luck(), NoFaults.Instance, new());
        Commit(_batch).GetAwaiter().GetResult();
    }

    [Benchmark(OperationsPerInvoke = Units)]
    public ImmutableArray<Unit> Make_units() => new Assignments(_batch.Length).Next();

    [Benchmark(OperationsPerInvoke = Units)]
    public object Encode_units() => BatchDocument.Write(_batch);

    [Benchmark(OperationsPerInvoke = Units)]
    public Task<Outcome[]> Make_units_and_commit_them_in_memory() => Commit(_made.Next());

    private Task<Outcome[]> Commit(ImmutableArray<Unit> units) => Task.WhenAll(units.Select(unit => _committer!.CommitAsync(unit)));
}
