using System.Globalization;
using System.Runtime.InteropServices;

namespace ActorIpam.Simulation.Faults;

/// <summary>How often each named point was passed under each kind of fault. A point that no fault ever hit proves nothing.</summary>
public sealed class FaultReport
{
    private readonly Dictionary<(string Point, Fault Fault), long> _hits = [];

    public void Hit(string point, Fault fault) => CollectionsMarshal.GetValueRefOrAddDefault(_hits, (point, fault), out _)++;

    public long Hits(string point, Fault fault) => _hits.GetValueOrDefault((point, fault));

    public IEnumerable<string> Points => _hits.Keys.Select(key => key.Point).Distinct().Order(StringComparer.Ordinal);

    public void Add(FaultReport other)
    {
        foreach (var (key, count) in other._hits)
        {
            _hits[key] = _hits.GetValueOrDefault(key) + count;
        }
    }

    public override string ToString() => string.Join('\n', Points.Select(Line));

    private string Line(string point) => string.Create(
        CultureInfo.InvariantCulture,
        $"{point,-28} {string.Join("  ", _hits.Where(hit => hit.Key.Point == point).OrderBy(hit => hit.Key.Fault).Select(hit => $"{hit.Key.Fault} {hit.Value}"))}");
}
