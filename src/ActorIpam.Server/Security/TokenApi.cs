using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain;
using ActorIpam.Domain.Access;
using ActorIpam.Server.Api;

namespace ActorIpam.Server.Security;

/// <summary>Makes, lists and revokes tokens, and tells callers who they are.</summary>
internal sealed class TokenApi(ITokens tokens, TokenBook book, TimeProvider time)
{
    private const int LongestName = 100, LongestHost = 253;
    private const long LongestLife = 10L * 366 * 24 * 60 * 60;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/ipam/v1/tokens", CreateAsync);
        routes.MapGet("/ipam/v1/tokens", ListAsync);
        routes.MapDelete("/ipam/v1/tokens/{name}", RevokeAsync);
        routes.MapGet("/ipam/v1/access", context => context.Request.UnknownParameter() is { } problem
            ? context.Response.WriteAsync(problem)
            : context.Response.WriteAsync(200, AccessOf(context.Caller(), routes), ApiJson.Default.AccessView));
    }

    private async Task CreateAsync(HttpContext context)
    {
        var received = await Call.ReadAsync(context, ApiJson.Default.TokenRequest);
        if (!received.Is(out var request, out var problem) || !Checked(request).Is(out var role, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var (text, now) = (TokenText.New(), time.GetUtcNow());
        var token = new StoredToken(
            request.Name!, TokenText.DigestOf(text), role, request.Host, now, context.Caller().Name,
            request.ExpiresInSeconds is { } seconds ? now.AddSeconds(seconds) : null);
        var addition = await tokens.AddAsync(token, context.RequestAborted);
        book.Forget();
        if (addition != TokenAddition.Added)
        {
            await context.Response.WriteAsync(RefusalStatus.Of(addition == TokenAddition.NameTaken
                ? new Refusal(RefusalCode.AlreadyExists, $"There is a token {request.Name} already; revoke it first, or take another name.", "name")
                : new Refusal(RefusalCode.TooMany, $"There are {StoredToken.Most} tokens already; revoke some.", null)));
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(201, new TokenGrant { Token = text, About = View(token, now) }, ApiJson.Default.TokenGrant);
    }

    private async Task ListAsync(HttpContext context)
    {
        if (context.Request.UnknownParameter() is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var (_, all) = await tokens.AllAsync(context.RequestAborted);
        await context.Response.WriteAsync(200, new TokenViews { Items = [.. all.Select(token => View(token, time.GetUtcNow()))] }, ApiJson.Default.TokenViews);
    }

    private async Task RevokeAsync(HttpContext context)
    {
        if (context.Request.UnknownParameter() is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        var name = (string)context.Request.RouteValues["name"]!;
        var known = await tokens.RemoveAsync(name, context.RequestAborted);
        book.Forget();
        await context.Response.WriteAsync(known
            ? new Status { Result = "Success", Code = 200, Details = new() { Name = name, Kind = "tokens" } }
            : RefusalStatus.Of(new Refusal(RefusalCode.NotFound, $"There is no token {name}.", "name")));
    }

    private static Received<AccessRole> Checked(TokenRequest request)
    {
        var problem = request switch
        {
            { Name: not { Length: > 0 and <= LongestName } } => new Refusal(RefusalCode.Invalid, $"A token needs a name of 1 to {LongestName} characters.", "name"),
            { Name: var name } when !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') =>
                new Refusal(RefusalCode.Invalid, $"'{name}' is no name of a token: it takes letters, digits, '-', '_' and '.'.", "name"),
            { Role: var word } when AccessRoles.Parse(word) is null => new Refusal(RefusalCode.Enum, $"role is {(word is null ? "missing" : $"'{word}'")}; it is {AccessRoles.Words}.", "role"),
            { Role: "allocator", Host: not { Length: > 0 and <= LongestHost } } => new Refusal(RefusalCode.Invalid, "An allocator works for one host: name it.", "host"),
            { Role: "allocator", Host: var host } when !host.All(c => c is > ' ' and <= '~') => new Refusal(RefusalCode.Invalid, "host takes printable characters without blanks.", "host"),
            { Role: not "allocator", Host: not null } => new Refusal(RefusalCode.Invalid, $"Only an allocator is bound to a host, a {request.Role} is not.", "host"),
            { ExpiresInSeconds: < 1 or > LongestLife } => new Refusal(RefusalCode.OutOfRange, $"expiresInSeconds is {request.ExpiresInSeconds}; it is from 1 to {LongestLife}.", "expiresInSeconds"),
            _ => null,
        };
        return problem is null ? AccessRoles.Parse(request.Role)!.Value : RefusalStatus.Of(problem);
    }

    private static TokenView View(StoredToken token, DateTimeOffset now) => new()
    {
        Name = token.Name,
        Role = token.Role.Word(),
        Host = token.Host,
        CreatedAt = token.CreatedAt,
        CreatedBy = token.CreatedBy,
        ExpiresAt = token.ExpiresAt,
        Expired = token.IsExpired(now),
    };

    private static AccessView AccessOf(Caller caller, IEndpointRouteBuilder routes) => new()
    {
        Identity = caller.Name,
        Role = caller.Role!.Value.Word(),
        Host = caller.Host,
        Routes =
        [
            .. routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(Doorkeeper.NameOf).Distinct()
                .Select(name => (Name: name, Parts: name.Split(' ', 2)))
                .Select(route => new RouteAccess(route.Parts[0], route.Parts[1], AccessTable.Of(route.Name).ToString()))
                .OrderBy(route => route.Path, StringComparer.Ordinal).ThenBy(route => route.Method, StringComparer.Ordinal),
        ],
    };
}
