using ActorIpam.Conformance.Cases;

namespace ActorIpam.Conformance.Scenarios;

/// <summary>What steps kept under a name: the addresses of an assignment, or a generation.</summary>
internal sealed class Saved
{
    private readonly Dictionary<string, (IReadOnlyList<string> Ipv4, IReadOnlyList<string> Ipv6)> _addresses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);

    public void Keep(string name, IReadOnlyList<string> ipv4, IReadOnlyList<string> ipv6) => _addresses[name] = (ipv4, ipv6);

    public void Keep(string name, long number) => _numbers[name] = number;

    /// <summary>A list of texts in which <c>$x</c>, <c>$x.v4</c> and <c>$x[0]</c> stand for what was saved; a lone reference may stand for the list.</summary>
    public IReadOnlyList<string> Texts(Value value) => value.IsList ? [.. value.List().SelectMany(item => Text(item))] : Text(value);

    /// <summary>The one text a value stands for.</summary>
    public string One(Value value) => Text(value) is [var one] ? one : throw new CaseFormatException(value.Path, "one value is expected here, not a list.");

    public long Number(Value value)
    {
        var text = value.Text();
        return !text.StartsWith('$') ? value.Number()
            : _numbers.TryGetValue(text[1..], out var number) ? number
            : throw Unknown(value);
    }

    private IReadOnlyList<string> Text(Value value)
    {
        var text = value.Text();
        if (!text.StartsWith('$'))
        {
            return [text];
        }

        var bracket = text.IndexOf('[', StringComparison.Ordinal);
        var list = Named(bracket < 0 ? text[1..] : text[1..bracket], value);
        if (bracket < 0)
        {
            return list;
        }

        return text.EndsWith(']') && int.TryParse(text.AsSpan(bracket + 1, text.Length - bracket - 2), out var at) && at >= 0 && at < list.Count
            ? [list[at]]
            : throw Unknown(value);
    }

    private IReadOnlyList<string> Named(string name, Value value)
    {
        var (bare, family) = name.EndsWith(".v4", StringComparison.Ordinal) || name.EndsWith(".v6", StringComparison.Ordinal) ? (name[..^3], name[^1]) : (name, '*');
        return !_addresses.TryGetValue(bare, out var saved) ? throw Unknown(value)
            : family switch { '4' => saved.Ipv4, '6' => saved.Ipv6, _ => [.. saved.Ipv4, .. saved.Ipv6] };
    }

    private static CaseFormatException Unknown(Value value) => new(value.Path, $"nothing was saved as {value.Text()}.");
}
