using System.Globalization;
using Shouldly;
using Xunit;

namespace ActorIpam.Cli.Tests;

/// <summary>How people write times: with an offset it is what it says, without one it is local time.</summary>
public sealed class AsOfTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 5, 7, 30, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.CreateCustomTimeZone("two hours ahead", TimeSpan.FromHours(2), null, null);

    [Theory]
    [InlineData("2026-05-04T14:02:00Z", "2026-05-04T14:02:00Z")]
    [InlineData("2026-05-04T14:02:00.250+05:30", "2026-05-04T08:32:00.250Z")]
    [InlineData("2026-05-04 14:02:00-01:00", "2026-05-04T15:02:00Z")]
    [InlineData("2026-05-04 14:02", "2026-05-04T12:02:00Z")]
    [InlineData("2026-05-04T14:02:07", "2026-05-04T12:02:07Z")]
    [InlineData("2026-05-04", "2026-05-03T22:00:00Z")]
    [InlineData("yesterday 14:02", "2026-05-04T12:02:00Z")]
    [InlineData("yesterday", "2026-05-03T22:00:00Z")]
    [InlineData("today 8:00", "2026-05-05T06:00:00Z")]
    [InlineData("08:15:30", "2026-05-05T06:15:30Z")]
    [InlineData("2h ago", "2026-05-05T05:30:00Z")]
    [InlineData("90 minutes ago", "2026-05-05T06:00:00Z")]
    [InlineData("3d ago", "2026-05-02T07:30:00Z")]
    [InlineData("now", "2026-05-05T07:30:00Z")]
    public void A_time_is_read_as_it_is_meant(string text, string instant) =>
        AsOf.Parse(text, Now, Zone).ShouldBe(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("tomorrow")]
    [InlineData("25:99")]
    [InlineData("2026-13-40")]
    [InlineData("ago")]
    [InlineData("05/04/2026")]
    public void What_is_no_time_is_not_guessed(string text) => AsOf.Parse(text, Now, Zone).ShouldBeNull();
}
