using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Xunit;

namespace ActorIpam.EndToEnd.Cluster;

/// <summary>Three members as <c>deploy/local-cluster.sh</c> starts them, on free ports; what users run is what is tested.</summary>
public sealed class LocalCluster : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("lc-").FullName;
    private readonly ConcurrentDictionary<string, Uri> _urls = new();
    private readonly ConcurrentDictionary<string, int> _pids = new();
    private readonly List<MemberProcess> _started = [];
    private Process _script = null!;

    /// <summary>Where members send spans; null for nowhere.</summary>
    public string? Collector { get; init; }

    /// <summary>The line the script ends with: what a user is to try.</summary>
    public string Advice { get; private set; } = "";

    public IEnumerable<string> Names => _urls.Keys.Order(StringComparer.Ordinal);

    public NpgsqlDataSource Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Root(), "deploy", "local-cluster.sh"), "--port", "0", "--folder", _folder]) { RedirectStandardOutput = true };
        start.Environment["IPAMD"] = $"dotnet {Path.Combine(AppContext.BaseDirectory, "ipamd.dll")}";
        start.Environment["IPAMCTL"] = $"dotnet {Path.Combine(AppContext.BaseDirectory, "ipamctl.dll")}";
        if (Collector is not null)
        {
            start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = Collector;
        }

        _script = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        while (await _script.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            switch (line.Split(' '))
            {
                case ["member", var name, var url, var pid]:
                    (_urls[name], _pids[name]) = (new(url), int.Parse(pid, CultureInfo.InvariantCulture));
                    break;
                case ["ipamctl", ..]:
                    Advice = line;
                    Database = NpgsqlDataSource.Create($"Host={At("run")};Username=ipam;Database=postgres;Search Path=actor_ipam;Maximum Pool Size=2");
                    return;
            }
        }

        throw new InvalidOperationException("local-cluster.sh ended before the cluster was ready.");
    }

    public Uri Url(string name) => _urls[name];

    /// <summary>A file of the cluster's folder.</summary>
    public string At(string name) => Path.Combine(_folder, name);

    internal Api Api(string name) => new(Url(name));

    public Task SignalAsync(string name, string signal) => RunAsync("kill", $"-{signal}", _pids[name].ToString(CultureInfo.InvariantCulture));

    /// <summary>Waits until a member's process is gone.</summary>
    public async Task GoneAsync(string name)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (Directory.Exists($"/proc/{_pids[name]}") && !File.ReadAllText($"/proc/{_pids[name]}/stat").Contains(") Z ", StringComparison.Ordinal))
        {
            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>Starts a member of the cluster again, with the options the script gave it.</summary>
    internal async Task<MemberProcess> StartAgainAsync(string name)
    {
        var member = await MemberProcess.StartAsync(await OptionsAsync(name));
        _started.Add(member);
        (_urls[name], _pids[name]) = (member.Url, member.Id);
        return member;
    }

    /// <summary>The options a member was started with.</summary>
    public Task<string[]> OptionsAsync(string name) => File.ReadAllLinesAsync(At(name + ".args"));

    public async ValueTask DisposeAsync()
    {
        foreach (var member in _started)
        {
            await member.DisposeAsync();
        }

        foreach (var pid in _pids.Values)
        {
            // One that a test has stopped would not hear that it is to end.
            await RunAsync("kill", "-CONT", pid.ToString(CultureInfo.InvariantCulture));
        }

        if (Database is not null)
        {
            await Database.DisposeAsync();
        }

        await RunAsync("kill", "-TERM", _script.Id.ToString(CultureInfo.InvariantCulture));
        using var patience = new CancellationTokenSource(Patience);
        await _script.WaitForExitAsync(patience.Token);
        _script.Dispose();
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorIpam.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests are outside the repository.");
        }

        return folder.FullName;
    }
}

/// <summary>One cluster after the other: three members and a database fill a small machine.</summary>
[CollectionDefinition(nameof(Clusters))]
public sealed class Clusters;
