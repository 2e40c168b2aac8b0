using System.Globalization;

namespace ActorIpam.Cli;

/// <summary>Counts with their nouns.</summary>
internal static class Plural
{
    public static string Of(long count, string noun) =>
        $"{count.ToString(CultureInfo.InvariantCulture)} {noun}{(count == 1 ? "" : noun.EndsWith("ss", StringComparison.Ordinal) ? "es" : "s")}";
}
