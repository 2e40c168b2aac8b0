using System.Text.RegularExpressions;

namespace ActorIpam.EndToEnd.Telemetry;

/// <summary>What <c>/metrics</c> showed.</summary>
internal sealed partial class Exposition(string text)
{
    /// <summary>The families, by their TYPE lines.</summary>
    public IReadOnlyDictionary<string, string> Types { get; } = TypeLine().Matches(text).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    public static async Task<Exposition> OfAsync(Api api) => new((await api.GetAsync("/metrics")).Expect(200).Text);

    /// <summary>The value of a series, written as it stands there; null when it is not shown.</summary>
    public double? Value(string series) =>
        text.Split('\n').FirstOrDefault(line => line.StartsWith(series + " ", StringComparison.Ordinal)) is { } line
            ? double.Parse(line[(series.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture)
            : null;

    /// <summary>The names of metrics in an expression or a document, without what histograms append.</summary>
    public static IEnumerable<string> NamesIn(string expression) =>
        Name().Matches(expression).Select(match => Suffix().Replace(match.Value, "")).Distinct();

    [GeneratedRegex(@"^# TYPE (\S+) (\S+)", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"\b(?:ipam|process|dotnet)_[a-z0-9_]+")]
    private static partial Regex Name();

    [GeneratedRegex("_(?:bucket|sum|count)$")]
    private static partial Regex Suffix();
}
