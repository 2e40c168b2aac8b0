using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace ActorIpam.HouseRules;

/// <summary>The glossary points into the code as it is.</summary>
public sealed partial class GlossaryTests
{
    [Fact]
    public void Every_name_the_glossary_points_to_stands_in_the_code()
    {
        var words = Repository.Under("src/", ".cs").SelectMany(file => file.Lines).SelectMany(line => Word().Matches(line)).Select(match => match.Value)
            .ToHashSet(StringComparer.Ordinal);
        Names().Where(name => name.Split('.').Any(part => !words.Contains(part))).ShouldBeEmpty();
    }

    [Fact]
    public void Every_word_stands_in_the_glossary_once() =>
        Rows().SelectMany(cells => cells[0].Split(',', StringSplitOptions.TrimEntries))
            .GroupBy(word => word, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();

    /// <summary>Names of types and members in the last column; folders and streams are not names.</summary>
    private static IEnumerable<string> Names() =>
        Rows().SelectMany(cells => Quoted().Matches(cells[^1])).Select(match => match.Groups[1].Value);

    private static IEnumerable<string[]> Rows() =>
        Repository.Files.Single(file => file.Path == "docs/glossary.md").Lines
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| Word ", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex(@"`([A-Z]\w*(?:\.[A-Z]\w*)*)`")]
    private static partial Regex Quoted();
}
