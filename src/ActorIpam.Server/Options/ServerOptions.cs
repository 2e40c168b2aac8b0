using System.Globalization;
using ActorIpam.Engine.Sweeping;
using ActorIpam.Server.Security;

namespace ActorIpam.Server.Options;

/// <summary>What a member was told, checked as far as it can be without touching anything.</summary>
internal sealed record ServerOptions
{
    private const int LongestName = 253, MostSeconds = 1_000_000;

    public required ListenAddress Listen { get; init; }

    /// <summary>The PEM files of an https address; null for http.</summary>
    public CertificateFiles? Tls { get; init; }

    /// <summary>The path of a unix socket; null for none.</summary>
    public string? Socket { get; init; }

    public required JournalChoice Journal { get; init; }

    public required string Member { get; init; }

    /// <summary>Where other members reach this one; null when it is alone.</summary>
    public ClusterOptions? Cluster { get; init; }

    /// <summary>A file or folder of definitions; null for none.</summary>
    public string? Apply { get; init; }

    /// <summary>A folder of definitions that is kept applied; null for none.</summary>
    public string? Watch { get; init; }

    /// <summary>The name of a Node to create if it is missing; null for none.</summary>
    public string? RegisterNode { get; init; }

    /// <summary>Who may call, and how much.</summary>
    public SecurityOptions Security { get; init; } = new();

    /// <summary>What the member does without being asked.</summary>
    public SweepingOptions Sweeping { get; init; } = new();

    public LogLevel LogLevel { get; init; } = LogLevel.Warning;

    /// <summary>What it tells of itself.</summary>
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <param name="given">The text of an option, null when it was not given anywhere.</param>
    /// <exception cref="BadOptionException">One of them cannot be used.</exception>
    public static ServerOptions Read(Func<KnownOption, string?> given)
    {
        var listen = ListenAddress.Parse(given(KnownOption.Listen) ?? "http://127.0.0.1:7080");
        var journal = JournalChoice.Parse(given(KnownOption.Journal) ?? "sqlite:data/ipam.db");
        var security = SecurityOptions.Read(listen, given);
        return new()
        {
            Listen = listen,
            Security = security,
            Tls = CertificateFiles.Read(listen, given(KnownOption.TlsCert), given(KnownOption.TlsKey)),
            Socket = NotEmpty(KnownOption.Socket, given),
            Journal = journal,
            Cluster = ClusterOptions.Read(given, journal),
            Member = Name(NotEmpty(KnownOption.Member, given) ?? Environment.MachineName),
            Apply = Existing(NotEmpty(KnownOption.Apply, given)),
            Watch = Folder(NotEmpty(KnownOption.Watch, given)),
            RegisterNode = NotEmpty(KnownOption.RegisterNode, given),
            Sweeping = new()
            {
                Period = Seconds(KnownOption.SweepPeriod, given) ?? new SweepingOptions().Period,
                IdleGrace = Seconds(KnownOption.IdleGrace, given) ?? new SweepingOptions().IdleGrace,
            },
            LogLevel = Level(given(KnownOption.LogLevel) ?? "warning"),
            Telemetry = TelemetryOptions.Read(given),
        };
    }

    private static string? NotEmpty(KnownOption option, Func<KnownOption, string?> given) =>
        given(option) is not { } text ? null
        : text.Length > 0 ? text
        : throw new BadOptionException($"{option.Flag} needs a value: {option.Shape}.");

    private static TimeSpan? Seconds(KnownOption option, Func<KnownOption, string?> given) =>
        given(option) is not { } text ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= MostSeconds ? TimeSpan.FromSeconds(seconds)
        : throw new BadOptionException($"{option.Flag}: '{text}' is not a number of seconds from 0 to {MostSeconds}.");

    private static string Name(string name) =>
        name.Length <= LongestName && name.All(c => c is > ' ' and <= '~')
            ? name
            : throw new BadOptionException($"--member: a name has 1 to {LongestName} printable characters without blanks.");

    private static string? Existing(string? path) =>
        path is null || File.Exists(path) || Directory.Exists(path)
            ? path
            : throw new BadOptionException($"--apply: there is no file or folder '{path}'.");

    private static string? Folder(string? path) =>
        path is null || Directory.Exists(path) ? path : throw new BadOptionException($"--watch: there is no folder '{path}'.");

    private static LogLevel Level(string text) =>
        Enum.TryParse<LogLevel>(text, ignoreCase: true, out var level) && Enum.IsDefined(level) && !char.IsDigit(text[0])
            ? level
            : throw new BadOptionException($"--log-level: '{text}' is none of trace, debug, information, warning, error, critical, none.");
}
