using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorIpam.Cli;

/// <summary>The option <c>--at TIME</c> of commands that look at things, and how people write times.</summary>
internal static partial class AsOf
{
    /// <summary>How a time may look, for help texts.</summary>
    public const string Shapes = "2026-05-04T14:02:00Z, '2026-05-04 14:02', 14:02, 'yesterday 14:02', '2h ago'; local time where no offset stands";

    /// <summary>One option for all commands: the session reads it from whichever has it.</summary>
    public static Option<string?> Option { get; } = New("--at", $"As it was then: {Shapes}.");

    public static Option<string?> New(string name, string description) => new(name) { Description = description, HelpName = "TIME" };

    /// <summary>The instant that was asked for; null for now.</summary>
    /// <exception cref="CommandFailure">The time cannot be read.</exception>
    public static DateTimeOffset? Of(ParseResult parsed, Terminal terminal) => Read(parsed, Option, terminal);

    /// <inheritdoc cref="Of"/>
    public static DateTimeOffset? Read(ParseResult parsed, Option<string?> option, Terminal terminal) => parsed.GetValue(option) is not { } text
        ? null
        : Parse(text, terminal.Now(), terminal.Zone) ?? throw new CommandFailure($"{option.Name}: '{text}' is no time: use {Shapes}.");

    /// <param name="text">What was typed.</param>
    /// <param name="now">Now.</param>
    /// <param name="zone">What local time is.</param>
    /// <returns>The instant in UTC; null when it cannot be read.</returns>
    public static DateTimeOffset? Parse(string text, DateTimeOffset now, TimeZoneInfo zone)
    {
        text = text.Trim();
        if (text == "now")
        {
            return now.ToUniversalTime();
        }

        if (Ago().Match(text) is { Success: true } ago && int.TryParse(ago.Groups["count"].Value, CultureInfo.InvariantCulture, out var count))
        {
            return (now - (count * Unit(ago.Groups["unit"].Value))).ToUniversalTime();
        }

        if (Day().Match(text) is { Success: true } day)
        {
            var date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime).AddDays(day.Groups["day"].Value == "yesterday" ? -1 : 0);
            return TimeOnly.TryParse(day.Groups["time"].Value is { Length: > 0 } time ? time : "00:00", CultureInfo.InvariantCulture, out var of)
                ? Local(date.ToDateTime(of), zone)
                : null;
        }

        if (!Written().IsMatch(text) || !DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var local))
        {
            return null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant) && HasOffset().IsMatch(text)
            ? instant.ToUniversalTime()
            : Local(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), zone);
    }

    /// <summary>The offset is the one of that day, not of today: clocks change.</summary>
    private static DateTimeOffset Local(DateTime time, TimeZoneInfo zone) => new DateTimeOffset(time, zone.GetUtcOffset(time)).ToUniversalTime();

    private static TimeSpan Unit(string unit) => unit[0] switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        _ => TimeSpan.FromDays(7),
    };

    [GeneratedRegex(@"\A(?<count>\d{1,6})\s*(?<unit>s|m|h|d|w|seconds?|minutes?|hours?|days?|weeks?)\s+ago\z", RegexOptions.CultureInvariant)]
    private static partial Regex Ago();

    [GeneratedRegex(@"\A(?:(?<day>yesterday|today)(?:\s+(?<time>\d{1,2}:\d{2}(?::\d{2})?))?|(?<time>\d{1,2}:\d{2}(?::\d{2})?))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Day();

    [GeneratedRegex(@"\A\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2})?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Written();

    [GeneratedRegex(@"(?:[Zz]|:\d{2}[+-]\d{2}:\d{2}|\.\d+[+-]\d{2}:\d{2})\z", RegexOptions.CultureInvariant)]
    private static partial Regex HasOffset();
}
