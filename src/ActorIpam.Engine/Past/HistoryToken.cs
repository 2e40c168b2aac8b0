using System.Globalization;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Past;

/// <summary>A place among holders as a word: ticks of the end, or <c>held</c>; generation; address.</summary>
internal static class HistoryToken
{
    private const string Lasting = "held";

    public static string Write(HoldingPlace place) => string.Create(
        CultureInfo.InvariantCulture, $"{(place.ReleasedAt is { } at ? at.UtcTicks.ToString(CultureInfo.InvariantCulture) : Lasting)}_{place.Generation}_{place.Ip}");

    /// <summary>Null for what no <see cref="Write"/> gave.</summary>
    public static HoldingPlace? Read(string token)
    {
        if (token.Split('_') is not [var end, var generation, var ip]
            || !long.TryParse(generation, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || !IpAddress.TryParse(ip, out var address))
        {
            return null;
        }

        if (end == Lasting)
        {
            return new(null, address, number);
        }

        return long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new(new DateTimeOffset(ticks, TimeSpan.Zero), address, number)
            : null;
    }
}
