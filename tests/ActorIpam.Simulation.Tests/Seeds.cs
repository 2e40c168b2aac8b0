using System.Collections.Immutable;
using System.Globalization;

namespace ActorIpam.Simulation.Tests;

/// <summary>
/// Which seeds a run plays: <c>SIM_SEEDS</c> says how many, <c>SIM_FIRST</c> from which on, <c>SIM_JOBS</c> how many at once; <c>SIM_SEED</c> repeats one and tells its story.
/// <c>UPDATE_GOLDEN</c> searches the seeds that documents and lists name anew and writes them down.
/// </summary>
internal static class Seeds
{
    public static ulong? One => Environment.GetEnvironmentVariable("SIM_SEED") is { Length: > 0 } seed ? ulong.Parse(seed, CultureInfo.InvariantCulture) : null;

    public static IEnumerable<ulong> All => One is { } one ? [one] : Swarm.Range(Number("SIM_FIRST", 1), Number("SIM_SEEDS", 300));

    public static int Jobs => (int)Number("SIM_JOBS", (ulong)Environment.ProcessorCount);

    public static bool AreSearchedAnew => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is { Length: > 0 };

    /// <summary>The planted bugs whose seeds are searched anew: <c>SIM_BUGS</c>, separated by commas; all when it is not set.</summary>
    public static ImmutableHashSet<string> Bugs { get; } = [.. (Environment.GetEnvironmentVariable("SIM_BUGS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>The folder of the sources, where documents and lists are written.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorIpam.sln")))
        {
            folder = folder.Parent ?? throw new FileNotFoundException("No folder above the tests holds ActorIpam.sln.");
        }

        return folder.FullName;
    }

    private static ulong Number(string variable, ulong otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
