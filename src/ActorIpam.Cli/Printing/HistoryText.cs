using System.Globalization;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Printing;

/// <summary>How history is shown: times in UTC to the second, and what is not kept any more.</summary>
internal static class HistoryText
{
    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string To(DateTimeOffset? time) => time is { } to ? Time(to) : "now";

    public static string Attributes(HeldInterval held) => held.Redacted == true
        ? "(redacted)"
        : string.Join(",", held.Attributes?.Select(static pair => $"{pair.Key}={pair.Value}") ?? []);

    public static void TellHorizon(Session session, DateTimeOffset? horizon)
    {
        if (horizon is { } oldest)
        {
            session.Terminal.Error.WriteLine($"What ended before {Time(oldest)} is kept no longer.");
        }
    }
}
