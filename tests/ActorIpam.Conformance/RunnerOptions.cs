namespace ActorIpam.Conformance;

/// <summary>What was asked on the command line.</summary>
/// <param name="Paths">Files and folders; the project's own cases when none is given.</param>
/// <param name="Only">The id of the one case to play.</param>
/// <param name="Verbose">List passes too.</param>
/// <param name="Table">A document that must hold the table of this run; null for none. With UPDATE_GOLDEN=1 it is written.</param>
internal sealed record RunnerOptions(IReadOnlyList<string> Paths, string? Only, bool Verbose, string? Table)
{
    public const string Usage = "usage: conformance [--case ID] [--table FILE] [-v] [FILE|FOLDER]...";

    /// <exception cref="ArgumentException">The arguments are not understood.</exception>
    public static RunnerOptions Parse(IReadOnlyList<string> arguments)
    {
        var paths = new List<string>();
        string? only = null;
        string? table = null;
        var verbose = false;
        for (var at = 0; at < arguments.Count; at++)
        {
            switch (arguments[at])
            {
                case "-v" or "--verbose":
                    verbose = true;
                    break;
                case "--case":
                    only = ++at < arguments.Count ? arguments[at] : throw new ArgumentException("--case needs the id of a case.");
                    break;
                case "--table":
                    table = ++at < arguments.Count ? arguments[at] : throw new ArgumentException("--table needs a file.");
                    break;
                case ['-', ..] option:
                    throw new ArgumentException($"unknown option {option}.");
                default:
                    paths.Add(arguments[at]);
                    break;
            }
        }

        return new(paths.Count > 0 ? paths : [OwnCases()], only, verbose, table);
    }

    /// <summary>The folder <c>tests/conformance</c> of the repository this runs in.</summary>
    private static string OwnCases()
    {
        string[] starts = [Directory.GetCurrentDirectory(), AppContext.BaseDirectory];
        return starts.SelectMany(Upwards).Select(folder => Path.Combine(folder, "tests", "conformance")).FirstOrDefault(Directory.Exists)
            ?? throw new ArgumentException("the folder tests/conformance is nowhere above; name files or folders.");
    }

    private static IEnumerable<string> Upwards(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            yield return at.FullName;
        }
    }
}
