using System.Collections.Concurrent;
using System.Diagnostics;

namespace ActorIpam.EndToEnd;

/// <summary>A real <c>ipamd</c>. Tests wait for what it prints and for its end, never for time to pass.</summary>
internal sealed class MemberProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();

    private MemberProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                _errors.Enqueue(text);
            }
        };
    }

    /// <summary>Where it answers, from its ready line.</summary>
    public Uri Url { get; private set; } = null!;

    public int Id => _process.Id;

    /// <summary>What it has printed to stderr.</summary>
    public string Errors => string.Join('\n', _errors);

    /// <summary>Starts it on a free port and waits until it serves.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message is what it printed.</exception>
    public static Task<MemberProcess> StartAsync(params string[] arguments) => StartAsync(crashAt: null, arguments);

    /// <summary>Starts it so that it kills itself at a fault point, <c>NAME:TIMES</c>.</summary>
    public static async Task<MemberProcess> StartAsync(string? crashAt, string[] arguments)
    {
        var member = Begin(crashAt, arguments);
        using var patience = new CancellationTokenSource(Patience);
        if (await member._process.StandardOutput.ReadLineAsync(patience.Token) is not { } line || !line.StartsWith("ready ", StringComparison.Ordinal))
        {
            var code = await member.ExitAsync();
            await member.DisposeAsync();
            throw new InvalidOperationException($"ipamd ended with {code}: {member.Errors}");
        }

        member.Url = new(line["ready ".Length..]);
        return member;
    }

    /// <summary>Starts it on a free port, and does not wait until it serves.</summary>
    public static MemberProcess Begin(string? crashAt, string[] arguments) => Launch(arguments.Contains("--listen") ? arguments : [.. arguments, "--listen", "http://127.0.0.1:0"], crashAt);

    /// <summary>Starts it, waits for its end and tells what it said.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var member = Launch(arguments, crashAt: null);
        using var patience = new CancellationTokenSource(Patience);
        var output = await member._process.StandardOutput.ReadToEndAsync(patience.Token);
        return (await member.ExitAsync(), output, member.Errors);
    }

    /// <summary>The next line of its standard output; null at the end.</summary>
    public async Task<string?> NextLineAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _process.StandardOutput.ReadLineAsync(patience.Token);
    }

    /// <summary>SIGKILL: nothing is finished, nothing is said.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>SIGTERM.</summary>
    public async Task AskToStopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> StopAsync()
    {
        await AskToStopAsync();
        return await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    /// <summary>The program beside the tests, or the one that the environment variable IPAMD names: a published one, for example.</summary>
    private static MemberProcess Launch(string[] arguments, string? crashAt)
    {
        var program = Environment.GetEnvironmentVariable("IPAMD");
        var start = program is null
            ? new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "ipamd.dll"), .. arguments])
            : new ProcessStartInfo(program, arguments);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("IPAM_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(inherited);
        }

        if (crashAt is not null)
        {
            start.Environment["IPAM_CRASH_AT"] = crashAt;
        }

        var member = new MemberProcess(Process.Start(start)!);
        member._process.BeginErrorReadLine();
        return member;
    }
}
