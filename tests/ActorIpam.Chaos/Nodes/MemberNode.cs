using System.Globalization;
using ActorIpam.Chaos.Net;

namespace ActorIpam.Chaos.Nodes;

/// <summary>An ipamd on a machine of its own. Clients reach it through its unix socket, which no network fault touches: they stand for hosts beside it.</summary>
internal sealed class MemberNode(Place place, string folder, string journal, string certificates, bool hasClock) : IAsyncDisposable
{
    /// <summary>How often it is started, as a service manager does, while the database is away.</summary>
    private const int Starts = 10;

    private NodeProcess? _process;
    private string _program = Built;

    /// <summary>The program that was built with this one.</summary>
    public static string Built { get; } = Path.Combine(AppContext.BaseDirectory, "ipamd.dll");

    /// <summary>What gives a process a wall clock of its own, from Debian's package faketime; null when it is not there.</summary>
    public static string? ClockLibrary { get; } = Directory.GetDirectories("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketime.so.1")).FirstOrDefault(File.Exists);

    public Place Place => place;

    public string Socket => Path.Combine(folder, place.Name + ".sock");

    public bool IsRunning => _process is { IsRunning: true };

    /// <param name="program">The build to run from now on; null for the one it ran before.</param>
    /// <exception cref="InvalidOperationException">It ended each time instead of serving.</exception>
    public async Task StartAsync(string? program = null)
    {
        _program = program ?? _program;
        await SetClockAsync(TimeSpan.Zero);
        for (var start = 1; ; start++)
        {
            if (_process is not null)
            {
                await _process.DisposeAsync();
            }

            _process = Launch();
            if (await _process.ReadyAsync())
            {
                return;
            }

            if (start == Starts)
            {
                throw new InvalidOperationException($"{place.Name} does not serve: see {place.Name}.log.");
            }

            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Sets its wall clock so far ahead of everybody's; timers run on as before.</summary>
    public Task SetClockAsync(TimeSpan ahead) => !hasClock
        ? Task.CompletedTask
        : File.WriteAllTextAsync(Clock, string.Create(CultureInfo.InvariantCulture, $"{ahead.TotalSeconds:+0.000;-0.000;+0.000}\n"));

    public Task KillAsync() => _process!.KillAsync();

    public Task PauseAsync() => _process!.PauseAsync();

    public Task ResumeAsync() => _process!.ResumeAsync();

    /// <summary>SIGTERM; returns the exit code, which is 0 when everything in flight was finished.</summary>
    public Task<int> StopAsync() => _process!.StopAsync();

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private string Clock => Path.Combine(folder, place.Name + ".clock");

    /// <summary>The step in front of the program that gives it its clock, looked at once a second.</summary>
    private string[] WithClock() => !hasClock
        ? []
        : ["env", "LD_PRELOAD=" + ClockLibrary, "FAKETIME_TIMESTAMP_FILE=" + Clock, "FAKETIME_CACHE_DURATION=1", "DONT_FAKE_MONOTONIC=1"];

    private NodeProcess Launch()
    {
        var cluster = string.Create(CultureInfo.InvariantCulture, $"https://{place.Address}:7443");
        return NodeProcess.Start(
            place, Path.Combine(folder, place.Name + ".log"), line => line.StartsWith("ready ", StringComparison.Ordinal),
            [.. WithClock(), "dotnet", _program, "--member", place.Name, "--journal", "postgres:" + journal, "--listen", "http://127.0.0.1:7080", "--socket", Socket,
            "--cluster-listen", cluster, "--advertise", cluster, "--cluster-ca", Path.Combine(certificates, "ca.crt"), "--cluster-cert", Path.Combine(certificates, place.Name + ".crt"),
            "--cluster-key", Path.Combine(certificates, place.Name + ".key"), "--sweep-period", "2"]);
    }
}
