using System.Text;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace ActorIpam.HouseRules;

/// <summary>A link in a document leads somewhere.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Documents => [.. Repository.Under("", ".md").Select(file => file.Path)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_of_a_document_resolves_file_and_anchor(string path)
    {
        var document = Repository.Files.Single(file => file.Path == path);
        LinksOf(document).Where(link => !Resolves(document, link)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_file_and_folder_of_ours_that_a_document_names_exists(string path) =>
        Prose(Repository.Files.Single(file => file.Path == path).Lines)
            .SelectMany(line => OurPath().Matches(line))
            .Select(match => match.Groups[1].Value)
            .Where(named => !Path.Exists(Path.Combine(Repository.Root, named)))
            .ShouldBeEmpty();

    [Fact]
    public void Anchors_are_made_from_headings_as_the_readers_make_them()
    {
        AnchorOf("0004 Claim and assign, in `one` unit!").ShouldBe("0004-claim-and-assign-in-one-unit");
        AnchorOf("What fails – what happens").ShouldBe("what-fails--what-happens");
    }

    private static bool Resolves(RepositoryFile document, string link)
    {
        var hash = link.IndexOf('#', StringComparison.Ordinal);
        var (target, anchor) = hash < 0 ? (link, null) : (link[..hash], link[(hash + 1)..]);
        var full = target.Length == 0 ? document.FullPath : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(document.FullPath)!, Uri.UnescapeDataString(target)));
        return anchor is null
            ? File.Exists(full) || Directory.Exists(full)
            : File.Exists(full) && AnchorsOf(File.ReadAllLines(full)).Contains(anchor, StringComparer.Ordinal);
    }

    private static IEnumerable<string> LinksOf(RepositoryFile document) =>
        Prose(document.Lines)
            .SelectMany(line => Link().Matches(Code().Replace(line, "")))
            .Select(match => match.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal));

    /// <summary>The anchors of all headings; a heading that stands there again gets a number.</summary>
    private static List<string> AnchorsOf(string[] lines)
    {
        var anchors = new List<string>();
        foreach (var heading in Prose(lines).Where(line => line.StartsWith('#')))
        {
            var anchor = AnchorOf(heading.TrimStart('#').Trim());
            var again = anchors.Count(one => one == anchor || (one.StartsWith(anchor + "-", StringComparison.Ordinal) && int.TryParse(one[(anchor.Length + 1)..], out _)));
            anchors.Add(again == 0 ? anchor : $"{anchor}-{again}");
        }

        return anchors;
    }

    private static string AnchorOf(string heading)
    {
        var anchor = new StringBuilder();
        foreach (var letter in heading)
        {
            if (char.IsLetterOrDigit(letter) || letter is '-' or '_')
            {
                anchor.Append(char.ToLowerInvariant(letter));
            }
            else if (letter == ' ')
            {
                anchor.Append('-');
            }
        }

        return anchor.ToString();
    }

    private static IEnumerable<string> Prose(string[] lines)
    {
        var fenced = false;
        foreach (var line in lines)
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                fenced = !fenced;
            }
            else if (!fenced)
            {
                yield return line;
            }
        }
    }

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:src|tests|docs|deploy)/[\w./-]+)`")]
    private static partial Regex OurPath();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();
}
