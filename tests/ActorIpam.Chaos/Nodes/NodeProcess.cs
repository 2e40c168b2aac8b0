using System.Diagnostics;
using System.Globalization;
using ActorIpam.Chaos.Net;

namespace ActorIpam.Chaos.Nodes;

/// <summary>A long-running program on a machine of the run. What it prints goes to a file.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly BoundedLog _log;
    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<string, bool> _isReady;
    private bool _isToEnd;

    private NodeProcess(Process process, string log, Func<string, bool> isReady)
    {
        _process = process;
        _log = new(log);
        _isReady = isReady;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => _ready.TrySetResult(false);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public bool IsRunning => !_process.HasExited;

    /// <summary>It served, and ended though nobody here made it.</summary>
    public bool EndedByItself => !IsRunning && !_isToEnd && _ready.Task is { IsCompletedSuccessfully: true, Result: true };

    /// <param name="place">Whose network it uses.</param>
    /// <param name="log">Where its output goes, behind what is there.</param>
    /// <param name="isReady">Recognises the line that says it serves.</param>
    /// <param name="command">Program and arguments. Each step in front replaces itself by the next, so that the process id is the program's own.</param>
    public static NodeProcess Start(Place place, string log, Func<string, bool> isReady, params string[] command)
    {
        var start = new ProcessStartInfo("ip", ["netns", "exec", place.Namespace, .. command]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(log) };
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("IPAM_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(inherited);
        }

        return new(Process.Start(start)!, log, isReady);
    }

    /// <returns>False when it ended instead of becoming ready.</returns>
    public Task<bool> ReadyAsync() => _ready.Task.WaitAsync(Patience);

    /// <summary>SIGKILL.</summary>
    /// <exception cref="InvalidOperationException">It had ended before.</exception>
    public async Task KillAsync()
    {
        ThrowIfEnded();
        await EndAsync();
    }

    /// <summary>SIGSTOP: it stands still, its connections stay.</summary>
    /// <exception cref="InvalidOperationException">It had ended before.</exception>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT, if it still runs.</summary>
    public Task ResumeAsync() => IsRunning ? SignalAsync("CONT") : Task.CompletedTask;

    /// <summary>SIGTERM, or another signal that asks it to end, and its exit code.</summary>
    /// <exception cref="InvalidOperationException">It had ended before.</exception>
    public async Task<int> StopAsync(string signal = "TERM")
    {
        ThrowIfEnded();
        _isToEnd = true;
        await SignalAsync(signal);
        await EndedAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _process.Dispose();
        _log.Dispose();
    }

    private void ThrowIfEnded()
    {
        if (!IsRunning)
        {
            throw new InvalidOperationException($"Process {_process.Id} does not run any more.");
        }
    }

    private async Task EndAsync()
    {
        if (IsRunning)
        {
            _isToEnd = true;
            _process.Kill();
        }

        await EndedAsync();
    }

    /// <summary>The process's own end: children that outlive it may hold its output open.</summary>
    private async Task EndedAsync()
    {
        for (var look = TimeSpan.Zero; IsRunning; look += Look)
        {
            if (look > Patience)
            {
                throw new InvalidOperationException($"Process {_process.Id} does not end.");
            }

            await Task.Delay(Look);
        }
    }

    /// <remarks>The id of a process that has ended may be somebody else's by now.</remarks>
    private Task SignalAsync(string name)
    {
        ThrowIfEnded();
        return Shell.RunAsync("kill", "-" + name, _process.Id.ToString(CultureInfo.InvariantCulture));
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        _log.Add(line);
        if (_isReady(line))
        {
            _ready.TrySetResult(true);
        }
    }
}
