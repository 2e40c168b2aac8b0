using ActorIpam.Domain.Access;
using ActorIpam.Server.Api;
using ActorIpam.Server.Hosting;
using ActorIpam.Server.Options;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ActorIpam.Server.Security;

/// <summary>All that stands between callers and the member, put together: certificates, credentials, limits and the audit log.</summary>
internal sealed class Gate : IAsyncDisposable
{
    /// <summary>A caller who sends a body slower than this, after a grace, is cut off.</summary>
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 512, gracePeriod: TimeSpan.FromSeconds(10));

    private readonly SecurityOptions _options;
    private readonly ITokens _tokens;
    private readonly TokenBook _book;
    private readonly ServingCertificate? _certificate;
    private readonly BootstrapToken? _bootstrap;
    private readonly ClientAuthorities? _authorities;
    private readonly RateLimits _limits;
    private readonly bool _hasSocket;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private Task _reloading = Task.CompletedTask;

    public Gate(ServerOptions options, ITokens tokens, TimeProvider time)
    {
        _options = options.Security;
        _tokens = tokens;
        _time = time;
        _hasSocket = options.Socket is not null;
        _book = new(tokens, time);
        _limits = new(_options.Rate, _options.CallerRate);
        _authorities = _options.ClientCa is { } ca ? new(ca) : null;
        _bootstrap = _options.BootstrapTokenFile is { } file ? new(file) : null;
        _certificate = options.Tls is { } tls ? new(tls, _authorities is not null) : null;
    }

    /// <summary>Reads the files and follows them from then on.</summary>
    /// <exception cref="CannotStartException">A certificate, an authority or the bootstrap token cannot be used.</exception>
    public void Open(ILogger log)
    {
        var reloading = new Reloading([.. new IReloaded?[] { _certificate, _authorities, _bootstrap }.OfType<IReloaded>()], _time, log);
        reloading.Begin();
        _reloading = reloading.RunAsync(_stopping.Token);
    }

    /// <summary>A sentence for the operator when nobody could call this member as it is; null otherwise.</summary>
    public async Task<string?> WarningAsync() =>
        _options.IsRequired && !_hasSocket && _bootstrap is null && _authorities is null && await _tokens.StampAsync(CancellationToken.None) == default
            ? "nobody can call yet: callers need a token, and there is none. Start with --socket PATH or --bootstrap-token-file FILE to make the first one."
            : null;

    /// <summary>Bounds what a connection may cost before anybody has said who it is.</summary>
    public void Limit(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = _options.Connections;
        limits.RequestHeadersTimeout = _options.HeaderTimeout;
        limits.MinRequestBodyDataRate = SlowestBody;
    }

    /// <summary>TLS on the public port, where it was asked for.</summary>
    public void Encrypt(ListenOptions endpoint)
    {
        if (_certificate is not null)
        {
            endpoint.UseHttps(_certificate.Handshake);
        }
    }

    /// <summary>Asks every caller, before the routes and behind the routing.</summary>
    public void Guard(WebApplication app)
    {
        var credentials = new Credentials(_options, _book, _bootstrap, _authorities, _time);
        app.Use(new Doorkeeper(_options.IsRequired, credentials, _limits, new(_options.Audit, app.Services.GetRequiredService<ILoggerFactory>())).EnterAsync);
    }

    public void Map(IEndpointRouteBuilder routes) => new TokenApi(_tokens, _book, _time).Map(routes);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reloading;
        await _limits.DisposeAsync();
        _book.Dispose();
        _stopping.Dispose();
    }
}
