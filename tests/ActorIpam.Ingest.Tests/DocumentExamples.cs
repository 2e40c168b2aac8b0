using System.Text.RegularExpressions;
using ActorIpam.Domain.Resources;
using Shouldly;
using Xunit;

namespace ActorIpam.Ingest.Tests;

/// <summary>What the documents show is what the program reads.</summary>
public sealed partial class DocumentExamples
{
    private static readonly string Root = RootOf(AppContext.BaseDirectory);

    public static TheoryData<string> GoodExamples => [.. Examples().Where(example => Refused().Match(example) is { Success: false })];

    public static TheoryData<string> RefusedExamples => [.. Examples().Where(example => Refused().Match(example) is { Success: true })];

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Path.Combine(Root, "deploy", "examples"), "*.yaml", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root, file))];

    [Theory]
    [MemberData(nameof(GoodExamples))]
    public void An_example_of_the_documents_is_valid(string example)
    {
        var read = Manifest.Read(example);
        read.Problems.ShouldBeEmpty();
        read.Resources.ShouldNotBeEmpty();
        read.Resources.SelectMany(found => ResourceRules.Validate(found.Resource)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(RefusedExamples))]
    public void An_example_that_is_said_to_be_refused_is_refused_for_that_reason(string example)
    {
        var said = Refused().Match(example);
        var refusals = ResourceRules.Validate(Manifest.Read(example).Resources.ShouldHaveSingleItem().Resource);
        refusals.Select(refusal => $"{refusal.Code} at {refusal.Field}").ShouldContain($"{said.Groups["code"].Value} at {said.Groups["field"].Value}");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_of_the_examples_is_valid(string file) => An_example_of_the_documents_is_valid(File.ReadAllText(Path.Combine(Root, file)));

    [Fact]
    public void Every_field_stands_in_the_reference()
    {
        var reference = File.ReadAllText(Path.Combine(Root, "docs", "resources.md"));
        foreach (var field in ResourceKinds.All.SelectMany(kind => ResourceSchema.Of(kind.Kind).Fields).SelectMany(Paths))
        {
            reference.ShouldContain(field);
        }
    }

    /// <summary>The names of all fields below metadata and spec.</summary>
    private static IEnumerable<string> Paths(FieldSchema field) =>
        field.Name is "metadata" or "spec" ? field.Fields.SelectMany(Paths) : field.Fields.IsDefaultOrEmpty ? [field.Name] : [field.Name, .. field.Fields.SelectMany(Paths)];

    private static IEnumerable<string> Examples() =>
        Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
            .SelectMany(file => Fenced().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["text"].Value);

    private static string RootOf(string folder) =>
        File.Exists(Path.Combine(folder, "ActorIpam.sln")) ? folder : RootOf(Path.GetDirectoryName(folder.TrimEnd('/')) ?? throw new DirectoryNotFoundException("The repository's root is not above the tests."));

    [GeneratedRegex("^```yaml\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex("^# refused: (?<code>\\w+) at (?<field>\\S+)")]
    private static partial Regex Refused();
}
