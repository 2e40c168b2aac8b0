using Shouldly;

namespace ActorIpam.Cli.Tests;

/// <summary>What was printed once and read by a person. <c>UPDATE_GOLDEN=1</c> writes the files anew, to be read again before they are committed.</summary>
internal static class Golden
{
    public static string Root { get; } = FindRoot();

    private static bool Updates => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    /// <param name="file">From the root of the repository.</param>
    /// <param name="text">What is printed now.</param>
    public static void Check(string file, string text)
    {
        var path = Path.Combine(Root, file);
        if (Updates)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return;
        }

        File.Exists(path).ShouldBeTrue($"{file} is missing: UPDATE_GOLDEN=1 writes it.");
        text.ShouldBe(File.ReadAllText(path), $"{file} says something else: UPDATE_GOLDEN=1 writes it anew.");
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Directory.Packages.props")))
            {
                return at.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside of the repository.");
    }
}
