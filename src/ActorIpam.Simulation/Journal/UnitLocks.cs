using System.Collections.Immutable;
using ActorIpam.Domain.Views;
using ActorIpam.Engine;
using ActorIpam.EventSourcing;

namespace ActorIpam.Simulation.Journal;

/// <summary>What a batch holds in the store until its commit is over (protocol.md §3).</summary>
/// <param name="WholeCatalog">It moves the catalog, or a head that others read without a lock: it is alone.</param>
/// <param name="Alone">Heads, requests, and handles that it closes or counts.</param>
/// <param name="Shared">Handles whose final release must not change under it.</param>
internal sealed record UnitLocks(bool WholeCatalog, ImmutableHashSet<(string Kind, string Name)> Alone, ImmutableHashSet<(string Kind, string Name)> Shared)
{
    private const string Head = "head", Handle = "handle", Request = "request";

    public static UnitLocks Of(ImmutableArray<Unit> batch)
    {
        var (alone, shared) = (ImmutableHashSet.CreateBuilder<(string, string)>(), ImmutableHashSet.CreateBuilder<(string, string)>());
        var moved = batch.SelectMany(unit => unit.Appends.Select(append => append.Stream).Concat(unit.Raises)).ToList();
        alone.UnionWith(moved.Concat(batch.SelectMany(unit => unit.Fences).Select(fence => fence.Stream).Where(stream => !IsReadPlainly(stream))).Select(stream => (Head, stream.Value)));
        foreach (var guard in batch.SelectMany(unit => unit.Guards))
        {
            switch (guard)
            {
                case IpamGuard.HandleOpen open:
                    (open.Caps.IsEmpty ? shared : alone).Add((Handle, open.Handle));
                    break;
                case IpamGuard.HandleClose close:
                    alone.Add((Handle, close.Handle));
                    break;
                case IpamGuard.NewRequest request:
                    alone.Add((Request, request.Id));
                    if (request.Handle is { } handle)
                    {
                        shared.Add((Handle, handle));
                    }

                    break;
            }
        }

        var forgets = batch.SelectMany(unit => unit.Views).Any(change => change is IpamViewChange.RequestForgotten or IpamViewChange.CloseForgotten or IpamViewChange { IsLate: true });
        return new(forgets || moved.Exists(stream => stream == Streams.Catalog || IsReadPlainly(stream)), alone.ToImmutable(), shared.ToImmutable());
    }

    /// <summary>True if the other has to wait for this one.</summary>
    public bool Exclude(UnitLocks other) => WholeCatalog || other.WholeCatalog || Alone.Overlaps(other.Alone) || Alone.Overlaps(other.Shared) || Shared.Overlaps(other.Alone);

    private static bool IsReadPlainly(StreamId stream) => stream == Streams.Policy || stream.Value.StartsWith("node/", StringComparison.Ordinal);
}
