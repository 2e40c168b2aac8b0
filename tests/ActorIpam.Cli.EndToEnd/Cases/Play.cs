using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;

namespace ActorIpam.Cli.EndToEnd.Cases;

/// <summary>Types the line of a case and checks everything the case says. A field that nothing here knows is a failure, never ignored.</summary>
internal static partial class Play
{
    /// <summary>Fields that say nothing to check, and one that its handler checks.</summary>
    private static readonly string[] Elsewhere = ["id", "command", "source", "note", "rows"];

    /// <param name="world">The member.</param>
    /// <param name="one">The case.</param>
    /// <param name="server">Where the member is; null for the one that runs.</param>
    /// <param name="words">What is typed, when the case's line stands for more than one.</param>
    public static async Task<Ran> Async(World world, CliCase one, string? server = null, string[]? words = null)
    {
        words = [.. (words ?? one.Words).Select(word => IsFile(word) ? Path.Combine(world.Folder, word) : word)];
        var ran = await World.RunAsync(server ?? world.Url, "", words);
        foreach (var (field, expected) in one.Fields.Where(f => !Elsewhere.Contains(f.Key)))
        {
            await CheckAsync(field, expected, ran, world, words);
        }

        return ran;
    }

    private static async Task CheckAsync(string field, string[] expected, Ran ran, World world, string[] words)
    {
        switch (field)
        {
            case "exit":
                ran.Exit.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(expected[0], ran.Error);
                (ran.Error.Length == 0).ShouldBe(expected[0] == "0", $"A failure, and only a failure, is told on standard error: {ran.Error}");
                break;
            case "kind":
                var list = JsonNode.Parse(await world.DoAsync([.. words, "-o", "json"]))!;
                ((string?)list["kind"]).ShouldBe(expected[0] + "List");
                list["items"]!.AsArray().ShouldNotBeEmpty();
                list["items"]!.AsArray().ShouldAllBe(item => (string?)item!["kind"] == expected[0]);
                break;
            case "columns":
                Headings(ran.Out).ShouldBe(expected);
                break;
            case "absent":
                expected.ShouldAllBe(name => !ran.Out.Contains(name + ":", StringComparison.Ordinal));
                break;
            case "says":
                ran.Out.ShouldContain(expected[0]);
                break;
            case "shape":
                expected.ShouldBe(["single object"]);
                ran.Out.ShouldStartWith("apiVersion: projectcalico.org/v3\nkind: IPPool\n");
                break;
            case "datastore_contacted":
                // The handler names a member that does not exist; that the line succeeds shows that nobody was asked.
                expected.ShouldBe(["false"]);
                words[0].ShouldBe("validate");
                break;
            default:
                throw new InvalidOperationException($"Nothing here checks the field '{field}'.");
        }
    }

    /// <summary>The headings of a plain table or of one in a frame.</summary>
    private static string[] Headings(string output)
    {
        var lines = output.Split('\n');
        return lines[0].StartsWith('+')
            ? lines[1].Trim('|').Split('|', StringSplitOptions.TrimEntries)
            : Blanks().Split(lines[0].TrimEnd());
    }

    private static bool IsFile(string word) => word == "dir" || word.EndsWith(".yaml", StringComparison.Ordinal);

    [GeneratedRegex(" {3,}")]
    private static partial Regex Blanks();
}
