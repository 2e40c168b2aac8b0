namespace ActorIpam.EndToEnd;

/// <summary>A member on a SQLite journal of its own, and a client of it.</summary>
internal sealed class Serving : IAsyncDisposable
{
    public Workspace Workspace { get; } = new();

    public MemberProcess Member { get; private set; } = null!;

    public Api Api { get; private set; } = null!;

    public async ValueTask StartAsync(params string[] options)
    {
        Member = await MemberProcess.StartAsync(["--journal", Workspace.Journal, .. options]);
        Api = new(Member.Url);
    }

    /// <summary>Starts it so that it kills itself at a fault point, <c>NAME:TIMES</c>.</summary>
    public async ValueTask StartToCrashAsync(string crashAt, params string[] options)
    {
        Member = await MemberProcess.StartAsync(crashAt, ["--journal", Workspace.Journal, .. options]);
        Api = new(Member.Url);
    }

    /// <summary>Starts another process on the same journal; the one before must have ended.</summary>
    public async Task RestartAsync(params string[] options)
    {
        Api.Dispose();
        await Member.DisposeAsync();
        await StartAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (Member is not null)
        {
            await Member.DisposeAsync();
        }

        Workspace.Dispose();
    }
}
