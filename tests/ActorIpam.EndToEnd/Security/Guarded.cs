using System.Text.Json.Nodes;

namespace ActorIpam.EndToEnd.Security;

/// <summary>A member on loopback that asks who calls, and an operator of it.</summary>
internal sealed class Guarded : IAsyncDisposable
{
    public const string Tokens = "/ipam/v1/tokens";

    private readonly List<Api> _callers = [];

    public Workspace Workspace { get; } = new();

    public MemberProcess Member { get; private set; } = null!;

    /// <summary>Presents the token of <c>--bootstrap-token-file</c>.</summary>
    public Api Operator { get; private set; } = null!;

    public string BootstrapToken { get; } = "test-" + Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N");

    public async Task StartAsync(params string[] options)
    {
        var file = Workspace.Write("bootstrap.token", BootstrapToken + "\n");
        Member = await MemberProcess.StartAsync(["--journal", Workspace.Journal, "--auth", "required", "--bootstrap-token-file", file, .. options]);
        Operator = As(BootstrapToken);
    }

    public async Task RestartAsync(params string[] options)
    {
        await Member.DisposeAsync();
        await StartAsync(options);
    }

    /// <summary>A caller with this token, or with none.</summary>
    public Api As(string? token)
    {
        var api = new Api(new(), Member.Url, token);
        _callers.Add(api);
        return api;
    }

    /// <summary>A new token's text.</summary>
    public async Task<string> TokenAsync(string name, string role, string? host = null, int? seconds = null)
    {
        var request = new JsonObject { ["name"] = name, ["role"] = role };
        if (host is not null)
        {
            request["host"] = host;
        }

        if (seconds is not null)
        {
            request["expiresInSeconds"] = seconds;
        }

        return (string)(await Operator.PostAsync(Tokens, request.ToJsonString())).Expect(201).Json["token"]!;
    }

    public async ValueTask DisposeAsync()
    {
        _callers.ForEach(caller => caller.Dispose());
        if (Member is not null)
        {
            await Member.DisposeAsync();
        }

        Workspace.Dispose();
    }
}

/// <summary>Waits for what comes by itself, such as the end of a token's life: asks again, a bounded number of times.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task<T> SeesAsync<T>(Func<Task<T>> look, Func<T, bool> wanted, string what)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            var seen = await look();
            if (wanted(seen))
            {
                return seen;
            }

            await Task.Delay(Pause);
        }

        throw new TimeoutException($"It never came: {what}.");
    }
}
