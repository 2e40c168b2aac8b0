using System.Globalization;

namespace ActorIpam.Simulation.Tests;

/// <summary>Which seeds a run plays: <c>SIM_SEEDS</c> says how many, <c>SIM_FIRST</c> from which on; <c>SIM_SEED</c> repeats one and tells its story.</summary>
internal static class Seeds
{
    public static ulong? One => Environment.GetEnvironmentVariable("SIM_SEED") is { Length: > 0 } seed ? ulong.Parse(seed, CultureInfo.InvariantCulture) : null;

    public static IEnumerable<ulong> All => One is { } one ? [one] : Many(Number("SIM_FIRST", 1), Number("SIM_SEEDS", 300));

    public static IEnumerable<ulong> Many(ulong first, ulong count)
    {
        for (var seed = first; seed < first + count; seed++)
        {
            yield return seed;
        }
    }

    private static ulong Number(string variable, ulong otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
