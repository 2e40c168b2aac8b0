using ActorIpam.Domain.Requests;

namespace ActorIpam.Engine.Impact;

/// <summary>Counts and names as sentences say them.</summary>
internal static class Wording
{
    /// <summary>How many names a sentence has.</summary>
    private const int MostNames = 3;

    public static string Many(long count, string one, string? many = null) => count == 1 ? $"1 {one}" : $"{count} {many ?? one + "s"}";

    /// <summary>The first few, and how many there are besides.</summary>
    public static string Names(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");

    public static ImpactEffect Effect(string code, string message, long? count = null) => new(code, message, count);
}
