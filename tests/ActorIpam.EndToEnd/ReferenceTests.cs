using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace ActorIpam.EndToEnd;

/// <summary>The table of options in docs/reference/ipamd.md, held against what the program says of itself.</summary>
public sealed partial class ReferenceTests
{
    [Fact]
    public async Task Every_option_of_a_member_stands_in_its_reference_and_no_other()
    {
        var (code, help, errors) = await MemberProcess.RunAsync("--help");
        code.ShouldBe(0, errors);
        var reference = await File.ReadAllTextAsync(Path.Combine(ReadmeTests.Root, "docs", "reference", "ipamd.md"), TestContext.Current.CancellationToken);

        var known = Names(InHelp(), help);
        known.Count.ShouldBeGreaterThan(20, "the help was read");
        Names(InReference(), reference).ShouldBe(known, ignoreOrder: true);
    }

    private static List<string> Names(Regex pattern, string text) =>
        [.. pattern.Matches(text).Select(found => $"--{found.Groups["name"].Value} {found.Groups["shape"].Value} {found.Groups["variable"].Value}")];

    [GeneratedRegex(@"^  --(?<name>[a-z-]+) <(?<shape>[A-Z]+)> .*\((?<variable>IPAM_[A-Z_]+)\)\.?\r?$", RegexOptions.Multiline)]
    private static partial Regex InHelp();

    [GeneratedRegex(@"^\| `--(?<name>[a-z-]+) (?<shape>[A-Z]+)` \| `(?<variable>IPAM_[A-Z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex InReference();
}
