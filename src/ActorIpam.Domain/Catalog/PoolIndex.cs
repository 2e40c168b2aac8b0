using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Catalog;

/// <summary>The pools by name, by uid and by address. Immutable; every change and look-up is logarithmic in the number of pools.</summary>
/// <remarks>
/// Pools overlap only while one is being split, and then they nest. So an address belongs to the longest pool that holds it, which is found
/// by asking once for each prefix length in use: a handful at most.
/// </remarks>
internal sealed class PoolIndex
{
    private readonly ImmutableSortedDictionary<string, PoolPolicy> _byName;
    private readonly ImmutableDictionary<string, PoolPolicy> _byUid;
    private readonly ImmutableDictionary<Cidr, PoolPolicy> _byRange;

    /// <summary>How many pools have a prefix length, longest first.</summary>
    private readonly ImmutableSortedDictionary<int, int> _lengths;

    private PoolPolicy[]? _ordered;

    private PoolIndex(
        ImmutableSortedDictionary<string, PoolPolicy> byName,
        ImmutableDictionary<string, PoolPolicy> byUid,
        ImmutableDictionary<Cidr, PoolPolicy> byRange,
        ImmutableSortedDictionary<int, int> lengths)
    {
        _byName = byName;
        _byUid = byUid;
        _byRange = byRange;
        _lengths = lengths;
    }

    public static PoolIndex Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, PoolPolicy>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, PoolPolicy>(StringComparer.Ordinal),
        ImmutableDictionary<Cidr, PoolPolicy>.Empty,
        ImmutableSortedDictionary.Create<int, int>(Comparer<int>.Create((left, right) => right.CompareTo(left))));

    /// <summary>All, by ordinal name. Computed once, when first asked for: a fold of many events does not ask.</summary>
    public ImmutableArray<PoolPolicy> Ordered =>
        System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(_ordered ??= [.. _byName.Values]);

    public PoolPolicy? Named(string name) => _byName.GetValueOrDefault(name);

    public PoolPolicy? WithUid(string uid) => _byUid.GetValueOrDefault(uid);

    public PoolPolicy? Holding(IpAddress address) => Narrowest(address, serving: false);

    public PoolPolicy? Serving(IpAddress address) => Narrowest(address, serving: true);

    private PoolPolicy? Narrowest(IpAddress address, bool serving)
    {
        foreach (var length in _lengths.Keys)
        {
            if (length <= address.Family.Bits() && _byRange.TryGetValue(Cidr.Containing(address, length), out var pool) && !(serving && pool.Disabled))
            {
                return pool;
            }
        }

        return null;
    }

    public PoolIndex With(PoolPolicy pool)
    {
        var others = Without(pool.Name);
        Invariant.Holds(!others._byRange.ContainsKey(pool.Range), "catalog", $"two pools have the range {pool.Range}");
        return new(
            others._byName.Add(pool.Name, pool),
            others._byUid.Add(pool.Uid, pool),
            others._byRange.Add(pool.Range, pool),
            others._lengths.SetItem(pool.Range.Length, others._lengths.GetValueOrDefault(pool.Range.Length) + 1));
    }

    public PoolIndex Without(string name)
    {
        if (Named(name) is not { } pool)
        {
            return this;
        }

        var left = _lengths[pool.Range.Length] - 1;
        return new(
            _byName.Remove(name),
            _byUid.Remove(pool.Uid),
            _byRange.Remove(pool.Range),
            left == 0 ? _lengths.Remove(pool.Range.Length) : _lengths.SetItem(pool.Range.Length, left));
    }
}
