using System.Globalization;

namespace ActorIpam.Server.Options;

/// <summary>How log entries are written.</summary>
internal enum LogFormat
{
    Text,
    Json,
}

/// <summary>What a member tells of itself, and where.</summary>
internal sealed record TelemetryOptions
{
    /// <summary>A commit that takes longer is logged.</summary>
    public TimeSpan SlowCommit { get; init; } = TimeSpan.FromSeconds(1);

    public LogFormat LogFormat { get; init; }

    /// <summary>Where spans are sent by OTLP; null for the standard environment variables, or nowhere.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>Whether spans are sent at all.</summary>
    public bool SendsSpans { get; init; } = true;

    /// <exception cref="BadOptionException">One of them cannot be used.</exception>
    public static TelemetryOptions Read(Func<KnownOption, string?> given) => new()
    {
        LogFormat = Format(given(TelemetryOption.LogFormat)),
        OtlpEndpoint = Endpoint(given(TelemetryOption.OtlpEndpoint)),
        SlowCommit = Slow(given(TelemetryOption.SlowCommit)),
    };

    private static LogFormat Format(string? text) => text switch
    {
        null or "text" => LogFormat.Text,
        "json" => LogFormat.Json,
        _ => throw new BadOptionException($"{TelemetryOption.LogFormat.Flag}: '{text}' is neither text nor json."),
    };

    private static Uri? Endpoint(string? text) =>
        text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url
        : throw new BadOptionException($"{TelemetryOption.OtlpEndpoint.Flag}: '{text}' is not an address such as http://127.0.0.1:4318.");

    private static TimeSpan Slow(string? text) =>
        text is null ? new TelemetryOptions().SlowCommit
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 3600 ? TimeSpan.FromSeconds(seconds)
        : throw new BadOptionException($"{TelemetryOption.SlowCommit.Flag}: '{text}' is not a number of seconds from above 0 to 3600.");
}

/// <summary>The settings of telemetry, by the same rules as all others.</summary>
internal static class TelemetryOption
{
    public static readonly KnownOption LogFormat = new("log-format", "FORMAT", "How log entries are written: text or json. Default text.");
    public static readonly KnownOption OtlpEndpoint = new("otlp-endpoint", "URL", "Where spans are sent by OTLP, such as http://127.0.0.1:4318. Default: OTEL_EXPORTER_OTLP_ENDPOINT, else nowhere.");
    public static readonly KnownOption SlowCommit = new("slow-commit", "SECONDS", "A commit that takes longer is logged. Default 1.");
}
