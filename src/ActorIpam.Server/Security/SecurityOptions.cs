using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Server.Options;

namespace ActorIpam.Server.Security;

/// <summary>Who may call, and how much.</summary>
internal sealed record SecurityOptions
{
    private const int MostRequests = 10_000_000, MostConnections = 1_000_000, MostSeconds = 3600, DefaultCallerRate = 1000;

    /// <summary>Whether callers must say who they are.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Authorities of client certificates (PEM); null when none are asked for.</summary>
    public string? ClientCa { get; init; }

    /// <summary>A file with an operator token; null for none.</summary>
    public string? BootstrapTokenFile { get; init; }

    public SocketRules Socket { get; init; } = new([]);

    /// <summary>Requests a second of all callers; 0 for no limit.</summary>
    public int Rate { get; init; }

    /// <summary>Requests a second of each caller; 0 for no limit.</summary>
    public int CallerRate { get; init; }

    /// <summary>Connections at once; more are closed.</summary>
    public int Connections { get; init; } = 10_000;

    /// <summary>How long the head of a request may take.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public AuditScope Audit { get; init; }

    /// <param name="listen">Where the member answers.</param>
    /// <param name="given">The text of an option, null when it was not given anywhere.</param>
    /// <exception cref="BadOptionException">One of them cannot be used, or they do not fit together.</exception>
    public static SecurityOptions Read(ListenAddress listen, Func<KnownOption, string?> given)
    {
        var isRequired = given(SecurityOption.Auth) switch
        {
            null => !listen.IsLoopback,
            "required" => true,
            "none" when listen.IsLoopback => false,
            "none" => throw new BadOptionException($"--auth none: other machines could reach {listen.UrlWith(listen.Port)}; use required, or listen on 127.0.0.1 or [::1]."),
            var other => throw new BadOptionException($"--auth: '{other}' is neither none nor required."),
        };
        if (!listen.IsLoopback && !listen.IsHttps)
        {
            throw new BadOptionException(
                $"--listen {listen.UrlWith(listen.Port)}: other machines could reach this address, and read what passes; use https with --tls-cert and --tls-key, or 127.0.0.1 or [::1].");
        }

        if (!isRequired && SecurityOption.OfCredentials.FirstOrDefault(option => given(option) is not null) is { } idle)
        {
            throw new BadOptionException($"{idle.Flag} says who may call, and nobody is asked with --auth none: add --auth required.");
        }

        if (!listen.IsHttps && given(SecurityOption.ClientCa) is not null)
        {
            throw new BadOptionException("--client-ca goes with an https address in --listen.");
        }

        return new()
        {
            IsRequired = isRequired,
            ClientCa = Existing(SecurityOption.ClientCa, given),
            BootstrapTokenFile = Existing(SecurityOption.BootstrapTokenFile, given),
            Socket = SocketRules.Parse(given(SecurityOption.SocketAllow)),
            Rate = Number(SecurityOption.RateLimit, given, 0, MostRequests) ?? 0,
            CallerRate = Number(SecurityOption.CallerRateLimit, given, 0, MostRequests) ?? (isRequired ? DefaultCallerRate : 0),
            Connections = Number(SecurityOption.MaxConnections, given, 1, MostConnections) ?? new SecurityOptions().Connections,
            HeaderTimeout = Number(SecurityOption.HeaderTimeout, given, 1, MostSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : new SecurityOptions().HeaderTimeout,
            Audit = given(SecurityOption.Audit) switch
            {
                null => isRequired ? AuditScope.Changes : AuditScope.Off,
                "off" => AuditScope.Off,
                "changes" => AuditScope.Changes,
                "all" => AuditScope.All,
                var other => throw new BadOptionException($"--audit: '{other}' is none of off, changes, all."),
            },
        };
    }

    private static string? Existing(KnownOption option, Func<KnownOption, string?> given) => given(option) is not { } path || File.Exists(path)
        ? given(option)
        : throw new BadOptionException($"{option.Flag}: there is no file '{path}'.");

    private static int? Number(KnownOption option, Func<KnownOption, string?> given, int least, int most) =>
        given(option) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new BadOptionException($"{option.Flag}: '{text}' is not a whole number from {least} to {most}.");
}

/// <summary>The settings about callers, as <c>ipamd --help</c> lists them.</summary>
internal static class SecurityOption
{
    public static readonly KnownOption Auth = new("auth", "MODE", "none: whoever connects is an operator; only for a loopback address, and the default there. required: callers present a token or a certificate, or use the socket.");
    public static readonly KnownOption ClientCa = new("client-ca", "FILE", "Accept client certificates these authorities (PEM) have signed: the common name is the caller, the organisational unit its role.");
    public static readonly KnownOption BootstrapTokenFile = new("bootstrap-token-file", "FILE", "A file whose content is accepted as an operator's token: 32 characters or more.");
    public static readonly KnownOption SocketAllow = new("socket-allow", "RULES", "What users of the socket other than root and the member's own may do: uid:1000=viewer,gid:990=allocator:HOST.");
    public static readonly KnownOption RateLimit = new("rate-limit", "N", "Requests a second of all callers together; more are answered 429. Default 0: no limit.");
    public static readonly KnownOption CallerRateLimit = new("caller-rate-limit", "N", "Requests a second of each caller; more are answered 429. Default 1000 with --auth required, else 0: no limit.");
    public static readonly KnownOption MaxConnections = new("max-connections", "N", "Connections at once; more are closed. Default 10000.");
    public static readonly KnownOption HeaderTimeout = new("header-timeout", "SECONDS", "How long a caller may take to send the head of a request. Default 10.");
    public static readonly KnownOption Audit = new("audit", "SCOPE", "Which calls are logged with their caller: off, changes (and refused callers) or all. Default changes with --auth required, else off.");

    public static ImmutableArray<KnownOption> All { get; } = [Auth, ClientCa, BootstrapTokenFile, SocketAllow, RateLimit, CallerRateLimit, MaxConnections, HeaderTimeout, Audit];

    /// <summary>Those that mean nothing where nobody is asked.</summary>
    public static ImmutableArray<KnownOption> OfCredentials { get; } = [ClientCa, BootstrapTokenFile, SocketAllow];
}
