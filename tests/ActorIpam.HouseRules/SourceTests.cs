using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace ActorIpam.HouseRules;

/// <summary>What no source file holds.</summary>
public sealed partial class SourceTests
{
    private const int LongestFile = 300;

    /// <summary>Files that may be longer, each with the reason why splitting it would make it worse.</summary>
    private static readonly Dictionary<string, string> LongFiles = new(StringComparer.Ordinal);

    private static readonly string[] DeterministicCore =
        ["src/ActorIpam.Domain/", "src/ActorIpam.Engine/", "src/ActorIpam.EventSourcing/", "src/ActorIpam.Runtime/"];

    [Fact]
    public void Nothing_is_left_to_be_done_later() => LinesMatching(Later(), Sources()).ShouldBeEmpty();

    [Fact]
    public void No_file_hides_its_size_in_regions() => LinesMatching(Region(), Sources()).ShouldBeEmpty();

    [Fact]
    public void The_deterministic_core_stays_on_its_thread() =>
        LinesMatching(LeavesThread(), Sources().Where(file => DeterministicCore.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)))).ShouldBeEmpty();

    [Fact]
    public void A_source_file_is_read_in_one_sitting() =>
        Sources().Where(file => file.Lines.Length > LongestFile && !LongFiles.ContainsKey(file.Path))
            .Select(file => $"{file.Path}: {file.Lines.Length} lines").ShouldBeEmpty();

    [Fact]
    public void A_file_that_became_short_is_no_exception_any_more() =>
        LongFiles.Keys.Except(Sources().Where(file => file.Lines.Length > LongestFile).Select(file => file.Path)).ShouldBeEmpty();

    [Fact]
    public void No_file_knows_the_machine_it_was_written_on() => LinesMatching(DeveloperMachine(), Others()).ShouldBeEmpty();

    [Fact]
    public void No_file_names_the_host_it_was_written_on()
    {
        // A name without a digit or hyphen may be an ordinary word, which says nothing about where it comes from.
        var host = Environment.MachineName;
        if (host.Length >= 6 && host.Any(letter => char.IsDigit(letter) || letter == '-'))
        {
            LinesMatching(new($@"\b{Regex.Escape(host)}\b", RegexOptions.IgnoreCase), Others()).ShouldBeEmpty();
        }
    }

    private static IEnumerable<RepositoryFile> Sources() => Repository.Under("src/", ".cs").Concat(Repository.Under("tests/", ".cs"));

    /// <summary>All files but this one, which must name what it looks for.</summary>
    private static IEnumerable<RepositoryFile> Others() => Repository.Files.Where(file => file.Name != "SourceTests.cs");

    private static IEnumerable<string> LinesMatching(Regex wanted, IEnumerable<RepositoryFile> files) =>
        from file in files
        where file.Name != "SourceTests.cs"
        from line in file.Lines.Select((text, at) => (Text: text, Number: at + 1))
        where wanted.IsMatch(line.Text)
        select $"{file.Path}:{line.Number}: {line.Text.Trim()}";

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Later();

    [GeneratedRegex(@"^\s*#(end)?region\b")]
    private static partial Regex Region();

    [GeneratedRegex(@"\bConfigureAwait\b")]
    private static partial Regex LeavesThread();

    /// <summary>Home folders, and the roots that containers and build machines check repositories out to.</summary>
    [GeneratedRegex(@"(?<![\w.{}$~/])/(home|Users|root|work|workspace|workspaces)/[\w.-]|\b[A-Za-z]:\\Users\\", RegexOptions.CultureInvariant)]
    private static partial Regex DeveloperMachine();
}
