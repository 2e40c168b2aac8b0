using System.Globalization;
using System.Text.RegularExpressions;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;

namespace ActorIpam.Server.Api;

/// <summary>Instants in query parameters: RFC 3339, always with an offset, so that nobody guesses whose clock is meant.</summary>
internal static partial class Instants
{
    /// <returns>The instant, null when the parameter is missing, or a Status that shows how one looks.</returns>
    public static Received<DateTimeOffset?> Instant(this HttpRequest request, string name)
    {
        if (request.Parameter(name) is not { } text)
        {
            return (DateTimeOffset?)null;
        }

        // A plus that was not escaped arrives as a blank.
        var written = Offset().Replace(text, "+$1");
        return Shape().IsMatch(written) && DateTimeOffset.TryParse(written, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at.ToUniversalTime()
            : RefusalStatus.Of(new Refusal(RefusalCode.Malformed, $"{name} must be an instant as RFC 3339 writes it, such as 2026-05-04T14:02:00Z, not '{text}'.", name));
    }

    [GeneratedRegex(@"\A\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    [GeneratedRegex(@" (\d{2}:\d{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Offset();
}
