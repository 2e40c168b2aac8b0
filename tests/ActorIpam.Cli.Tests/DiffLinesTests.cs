using ActorIpam.Cli.Printing;
using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

public sealed class DiffLinesTests
{
    [Fact]
    public void A_difference_holds_both_texts()
    {
        var chance = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var (before, after) = (Text(chance), Text(chance));
            var lines = LineDiff.Of(before, after);

            lines.Where(l => l.Mark != '+').Select(l => l.Line).ShouldBe(before);
            lines.Where(l => l.Mark != '-').Select(l => l.Line).ShouldBe(after);
        }
    }

    [Fact]
    public void Long_texts_that_share_nothing_are_replaced_as_a_whole()
    {
        var lines = LineDiff.Of([.. Enumerable.Range(0, 6_000).Select(i => $"a{i}")], [.. Enumerable.Range(0, 6_000).Select(i => $"b{i}")]);

        lines[..6_000].ShouldAllBe(l => l.Mark == '-');
        lines[6_000..].ShouldAllBe(l => l.Mark == '+');
    }

    [Fact]
    public void Changes_that_are_near_share_a_hunk_and_others_do_not()
    {
        Hunks(1, 5).ShouldBe(["@@ -1,9 +1,9 @@"]);
        Hunks(1, 9).ShouldBe(["@@ -1,5 +1,5 @@", "@@ -7,7 +7,7 @@"]);
        Hunks(19).ShouldBe(["@@ -17,4 +17,4 @@"]);
    }

    [Fact]
    public void What_is_new_starts_at_line_0()
    {
        var output = new StringWriter { NewLine = "\n" };
        new DiffPrinter(output, colored: false).Print("nothing", "it", [], ["a", "b"]);
        output.ToString().ShouldBe("--- nothing\n+++ it\n@@ -0,0 +1,2 @@\n+a\n+b\n");
    }

    /// <summary>The headings of the hunks when these of twenty lines change.</summary>
    private static string[] Hunks(params int[] changed)
    {
        var before = Enumerable.Range(0, 20).Select(i => $"line {i}").ToArray();
        var after = before.Select((line, i) => changed.Contains(i) ? line + " changed" : line).ToArray();
        var output = new StringWriter { NewLine = "\n" };
        new DiffPrinter(output, colored: false).Print("a", "b", before, after);
        return [.. output.ToString().Split('\n').Where(line => line.StartsWith("@@", StringComparison.Ordinal))];
    }

    private static string[] Text(Random chance) => [.. Enumerable.Range(0, chance.Next(12)).Select(_ => ((char)('a' + chance.Next(4))).ToString())];
}
