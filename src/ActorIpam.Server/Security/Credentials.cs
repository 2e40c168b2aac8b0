using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using ActorIpam.Client.Answers;
using Microsoft.AspNetCore.Connections.Features;

namespace ActorIpam.Server.Security;

/// <summary>Finds out who sends a request: by a bearer token when there is one, else by a client certificate, else by the unix socket.</summary>
internal sealed class Credentials(SecurityOptions options, TokenBook book, BootstrapToken? bootstrap, ClientAuthorities? authorities, TimeProvider time)
{
    private const string Scheme = "Bearer ";

    /// <summary>The caller, or the 401 that says why not.</summary>
    public async ValueTask<(Caller? Caller, Status? Refusal)> OfAsync(HttpContext context)
    {
        ImmutableArray<string?> headers = [.. context.Request.Headers.Authorization];
        switch (headers)
        {
            case []:
                return OfConnection(context);
            case [{ } header] when header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase):
                return await OfTokenAsync(context, header[Scheme.Length..].Trim());
            default:
                return (null, Denial.Unauthorized(context, "Authorization must be 'Bearer TOKEN'; nothing else is understood here.", presented: true));
        }
    }

    /// <summary>Who uses the socket, also where nobody has to say.</summary>
    public Caller? OfSocket(HttpContext context) => PeerOf(context) is { } peer ? options.Socket.CallerOf(peer) : null;

    private async ValueTask<(Caller? Caller, Status? Refusal)> OfTokenAsync(HttpContext context, string text)
    {
        // One sentence for all that is not accepted: what was once a token, and whose, is nobody's business.
        if (text.Length is 0 or > TokenText.Longest)
        {
            return NotAccepted(context);
        }

        var digest = TokenText.DigestOf(text);
        if (bootstrap?.Is(digest) == true)
        {
            return (new("bootstrap", Domain.Access.AccessRole.Operator), null);
        }

        return await book.FindAsync(digest, context.RequestAborted) is { } token && !token.IsExpired(time.GetUtcNow())
            ? (new($"token:{token.Name}", token.Role, token.Host), null)
            : NotAccepted(context);
    }

    private (Caller? Caller, Status? Refusal) OfConnection(HttpContext context)
    {
        if (authorities is not null && context.Connection.ClientCertificate is { } certificate)
        {
            return OfCertificate(context, certificate, authorities);
        }

        return OfSocket(context) is { } local
            ? (local, null)
            : (null, Denial.Unauthorized(
                context,
                authorities is null ? "Say who you are: send a token, Authorization: Bearer TOKEN." : "Say who you are: send a token, Authorization: Bearer TOKEN, or use a client certificate.",
                presented: false));
    }

    private static (Caller? Caller, Status? Refusal) OfCertificate(HttpContext context, X509Certificate2 certificate, ClientAuthorities authorities) =>
        authorities.CallerOf(certificate, out var why) is { } caller ? (caller, null) : (null, Denial.Unauthorized(context, why, presented: false));

    private static (Caller?, Status?) NotAccepted(HttpContext context) =>
        (null, Denial.Unauthorized(context, "The token is not accepted: it is unknown, revoked or expired.", presented: true));

    private static PeerCredentials? PeerOf(HttpContext context) =>
        context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket ? PeerCredentials.Of(socket) : null;
}
