using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;

namespace ActorIpam.Client.Http;

/// <summary>Which members to ask, and how long to wait.</summary>
public sealed record ClientOptions
{
    /// <summary>Asked in this order, beginning with the one that answered last; the next one is asked when one does not answer. At least one.</summary>
    public required ImmutableArray<ServerAddress> Servers { get; init; }

    /// <summary>Sent as a bearer token; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>Who may vouch for https members, instead of what the machine trusts; null for the machine's.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Presented to https members that ask for one, with its key; null for none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>What the certificate was signed with, as far as members may not have it.</summary>
    public X509Certificate2Collection? CertificateChain { get; init; }

    /// <summary>Lets a token travel readable to other machines.</summary>
    public bool AllowPlainToken { get; init; }

    /// <summary>How long a connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long one member may take to answer.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a member may take while there is another to ask: what can be repeated is then asked there.</summary>
    public TimeSpan MoveOnTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>An answer may have at most so many bytes.</summary>
    public int MaxAnswerBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The member to which the token would travel for everybody to read; null when there is none, or when it is allowed.</summary>
    public ServerAddress? PlainTokenServer => Token is null || AllowPlainToken
        ? null
        : Servers.FirstOrDefault(server => server.Socket is null && server.Root.Scheme == Uri.UriSchemeHttp && !server.Root.IsLoopback);
}
