using System.Globalization;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace ActorIpam.HouseRules;

/// <summary>Each law of the system is told in the documents, cited where the code keeps it, and cited by a test that would notice.</summary>
public sealed partial class LawTests
{
    private const int Laws = 15;

    /// <summary>The laws that a place does not name yet, and why. An entry that is covered after all makes these tests fail, so that the list shrinks.</summary>
    private static readonly Dictionary<string, (int[] Laws, string Why)> NotYet = new(StringComparer.Ordinal)
    {
        ["docs/"] = ([], "all are told"),
        ["src/"] = ([], "all are kept"),
        ["tests/"] = ([], "all are tested"),
    };

    public static TheoryData<string, string> Places => new() { { "docs/", ".md" }, { "src/", ".cs" }, { "tests/", ".cs" } };

    [Theory]
    [MemberData(nameof(Places))]
    public void Every_law_is_named_in_documents_code_and_tests(string folder, string extension)
    {
        var named = NamedIn(folder, extension);
        var (waiting, why) = NotYet[folder];
        Enumerable.Range(1, Laws).Except(named).Except(waiting).ShouldBeEmpty($"laws that nothing in {folder} names ({why} holds for others)");
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_law_that_is_named_by_now_is_off_the_list_of_those_that_wait(string folder, string extension) =>
        NotYet[folder].Laws.Intersect(NamedIn(folder, extension)).ShouldBeEmpty("these are covered: take them off the list");

    [Theory]
    [MemberData(nameof(Places))]
    public void Nobody_names_a_law_that_does_not_exist(string folder, string extension) =>
        NamedIn(folder, extension).Where(law => law is < 1 or > Laws).ShouldBeEmpty();

    private static HashSet<int> NamedIn(string folder, string extension) =>
        [.. Repository.Under(folder, extension)
            .Where(file => file.Project != "ActorIpam.HouseRules")
            .SelectMany(file => file.Lines)
            .SelectMany(line => Law().Matches(line))
            .Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"\bINV-(\d+)\b")]
    private static partial Regex Law();
}
