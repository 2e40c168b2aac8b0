namespace ActorIpam.Conformance.Cases;

/// <summary>What a case found to be other than it should. No findings: the case passes.</summary>
internal sealed class Findings
{
    private readonly List<string> _all;
    private readonly string _at;

    public Findings() : this([], "") { }

    private Findings(List<string> all, string at) => (_all, _at) = (all, at);

    public IReadOnlyList<string> All => _all;

    /// <summary>The same findings, told from a place such as <c>step 5: check</c>.</summary>
    public Findings At(string place) => new(_all, place + ": ");

    public void Add(string what) => _all.Add(_at + what);

    public void Equal<T>(string what, T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            Add($"{what}: expected {Show(expected)}, got {Show(actual)}");
        }
    }

    public void True(string otherwise, bool holds)
    {
        if (!holds)
        {
            Add(otherwise);
        }
    }

    /// <summary>The same items in the same order.</summary>
    public void Sequence<T>(string what, IEnumerable<T> expected, IEnumerable<T> actual)
    {
        var wanted = expected.ToList();
        var found = actual.ToList();
        if (!wanted.SequenceEqual(found))
        {
            Add($"{what}: expected {List(wanted)}, got {List(found)}");
        }
    }

    /// <summary>The same items in whatever order; an item that stands twice must be found twice.</summary>
    public void Bag<T>(string what, IEnumerable<T> expected, IEnumerable<T> actual) => Sequence(what, expected.Order(), actual.Order());

    private static string Show<T>(T value) => value switch
    {
        null => "nothing",
        bool flag => flag ? "true" : "false",
        string text => $"'{text}'",
        _ => value.ToString()!,
    };

    private static string List<T>(List<T> values) =>
        values.Count <= 12 ? $"[{string.Join(", ", values)}]" : $"[{string.Join(", ", values.Take(12))}, … {values.Count} in all]";
}
