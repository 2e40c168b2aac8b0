using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ActorIpam.JournalContract.Postgres;

/// <summary>One real PostgreSQL for the test run: its own folder, its own port on loopback, fsync on. It stops with the test process.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private static readonly Lazy<Task<PostgresServer>> Only = new(StartAsync);

    private readonly string _folder;
    private readonly Func<Process> _start;
    private Process _process;

    private PostgresServer(Func<Process> start, string folder, int port)
    {
        (_start, _folder, Port) = (start, folder, port);
        _process = start();
        _process.BeginErrorReadLine();
        ConnectionString = $"Host=127.0.0.1;Port={port.ToString(CultureInfo.InvariantCulture)};Username=postgres;Database=postgres;Include Error Detail=true";
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();
    }

    public string ConnectionString { get; }

    public int Port { get; }

    /// <summary>One that a test may kill.</summary>
    public static Task<PostgresServer> OwnAsync() => StartAsync();

    public static Task<PostgresServer> SharedAsync() => Only.Value;

    private static async Task<PostgresServer> StartAsync()
    {
        var programs = FindPrograms();
        var folder = Directory.CreateTempSubdirectory("actor-ipam-pg-").FullName;
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", ["postgres", folder]);
        }

        var tables = Path.Combine(folder, "tables");
        await RunAsync(Path.Combine(programs, "initdb"), ["-D", tables, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        var port = FreePort();
        string[] settings =
        [
            $"port={port}", "listen_addresses=127.0.0.1", $"unix_socket_directories={folder}", "fsync=on", "max_connections=60",
            "log_min_messages=fatal", "log_min_error_statement=panic",
        ];
        // The server itself, not pg_ctl: its pid is the one to end. setpriv replaces itself by the program, so the pid is right there too.
        var server = new PostgresServer(() => Start(Path.Combine(programs, "postgres"), ["-D", tables, .. settings.SelectMany(setting => new[] { "-c", setting })]), folder, port);
        await server.AnswersAsync();
        return server;
    }

    /// <summary>Debian's layout, newest version first; else whatever the path holds.</summary>
    private static string FindPrograms()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0).Select(folder => Path.Combine(folder, "bin"))
            : [];
        return debian.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException("These tests need a PostgreSQL server: install the Debian package postgresql (apt-get install postgresql).");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task AnswersAsync()
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        for (var tries = 0; ; tries++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync();
                return;
            }
            catch (NpgsqlException) when (tries < 150 && !_process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>SIGKILL to the postmaster; its children notice and end without a word.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts it again on the same tables, and waits until it has recovered.</summary>
    public async Task StartAgainAsync()
    {
        // A server whose predecessor's children still live refuses to start; they end by themselves.
        for (var tries = 0; ; tries++)
        {
            _process = _start();
            _process.BeginErrorReadLine();
            try
            {
                await AnswersAsync();
                return;
            }
            catch (NpgsqlException) when (tries < 50)
            {
                await Task.Delay(100);
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Stop();
        return ValueTask.CompletedTask;
    }

    private void Stop()
    {
        if (!_process.HasExited)
        {
            // SIGQUIT ends it at once, without a last checkpoint: the tables are thrown away anyway.
            using var kill = Process.Start("kill", ["-QUIT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
            _process.WaitForExit(10_000);
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        using var process = Start(program, arguments);
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed with exit code {process.ExitCode}: {said}");
        }
    }

    private static Process Start(string program, string[] arguments)
    {
        // PostgreSQL refuses to run as root.
        var lowered = Environment.UserName == "root" && program != "chown";
        var start = lowered ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments]) : new(program, arguments);
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        start.WorkingDirectory = "/";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }
}
