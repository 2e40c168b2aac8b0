using System.Globalization;
using ActorIpam.Chaos.Net;

namespace ActorIpam.Chaos.Nodes;

/// <summary>An ipamd on a machine of its own. Clients reach it through its unix socket, which no network fault touches: they stand for hosts beside it.</summary>
internal sealed class MemberNode(Place place, string folder, string journal, string certificates, string program) : IAsyncDisposable
{
    /// <summary>How often it is started, as a service manager does, while the database is away.</summary>
    private const int Starts = 10;

    private NodeProcess? _process;
    private string _program = program;

    public Place Place => place;

    public string Socket => Path.Combine(folder, place.Name + ".sock");

    public bool IsRunning => _process is { IsRunning: true };

    /// <summary>It served, and ended though nobody here made it.</summary>
    public bool EndedByItself => _process is { EndedByItself: true };

    /// <param name="other">The build to run from now on; null for the one it ran before.</param>
    /// <exception cref="InvalidOperationException">It ended each time instead of serving.</exception>
    public async Task StartAsync(string? other = null)
    {
        _program = other ?? _program;
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

    public Task KillAsync() => _process!.KillAsync();

    public Task PauseAsync() => _process!.PauseAsync();

    public Task ResumeAsync() => _process!.ResumeAsync();

    /// <summary>SIGTERM; returns the exit code, which is 0 when everything in flight was finished.</summary>
    public Task<int> StopAsync() => _process!.StopAsync();

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;

    private NodeProcess Launch()
    {
        var cluster = string.Create(CultureInfo.InvariantCulture, $"https://{place.Address}:7443");
        return NodeProcess.Start(
            place, Path.Combine(folder, place.Name + ".log"), line => line.StartsWith("ready ", StringComparison.Ordinal),
            [.. Program(), "--member", place.Name, "--journal", "postgres:" + journal, "--listen", "http://127.0.0.1:7080", "--socket", Socket,
            "--cluster-listen", cluster, "--advertise", cluster, "--cluster-ca", Path.Combine(certificates, "ca.crt"), "--cluster-cert", Path.Combine(certificates, place.Name + ".crt"),
            "--cluster-key", Path.Combine(certificates, place.Name + ".key"), "--sweep-period", "2"]);
    }

    /// <remarks>
    /// Members live for minutes here. The profile by which their compiler would make them a fifth faster costs as much as compiling them, and pays off in none of them
    /// (docs/performance.md).
    /// </remarks>
    private string[] Program() => ["env", "DOTNET_TieredPGO=0", .. _program.EndsWith(".dll", StringComparison.Ordinal) ? (string[])["dotnet", _program] : [_program]];
}
