using System.Collections.Immutable;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;

namespace ActorIpam.Client.Http;

/// <summary>Calls about tokens and what they are good for.</summary>
public sealed class AccessCalls
{
    private readonly ApiTransport _transport;

    internal AccessCalls(ApiTransport transport) => _transport = transport;

    /// <summary>Who the member takes this client for.</summary>
    public async Task<AccessView> WhoAmIAsync(CancellationToken cancellation = default) =>
        Posting.Read(await _transport.SendAsync(ApiCall.Get("ipam/v1/access"), cancellation), ApiJson.Default.AccessView);

    public async Task<ImmutableArray<TokenView>> ListAsync(CancellationToken cancellation = default) =>
        Posting.Read(await _transport.SendAsync(ApiCall.Get("ipam/v1/tokens"), cancellation), ApiJson.Default.TokenViews).Items;

    /// <summary>Makes a token. Not repeated by itself: when the answer is lost so is the token's text, and the token is to be revoked.</summary>
    public async Task<TokenGrant> CreateAsync(TokenRequest request, CancellationToken cancellation = default) => Posting.Read(
        await _transport.SendAsync(Posting.Of("ipam/v1/tokens", request, ApiJson.Default.TokenRequest, repeatable: false), cancellation), ApiJson.Default.TokenGrant);

    /// <summary>From the answer on the member that gave it accepts the token no more; the others within seconds.</summary>
    public Task RevokeAsync(string name, CancellationToken cancellation = default) =>
        _transport.SendAsync(new(HttpMethod.Delete, $"ipam/v1/tokens/{Uri.EscapeDataString(name)}"), cancellation);
}
