using System.Collections.Immutable;
using ActorIpam.Chaos.Net;
using static ActorIpam.Chaos.Nodes.PostgresPrograms;

namespace ActorIpam.Chaos.Nodes;

/// <summary>One PostgreSQL on a machine of its own. When it is killed it is started again, as a service manager does.</summary>
internal sealed class PlainDatabase : IDatabase
{
    private readonly Place _place;
    private readonly string _folder;
    private NodeProcess? _server;

    private PlainDatabase(Place place, string folder) => (_place, _folder) = (place, folder);

    public ImmutableArray<Place> Places => [_place];

    public bool FailsOver => false;

    public string ConnectionString => $"Host={_place.Address};Username=postgres;Database=postgres";

    public static async Task<PlainDatabase> StartAsync(Bridge bridge, string folder)
    {
        var database = new PlainDatabase(await bridge.AddAsync("db", 10), Path.Combine(folder, "db"));
        Directory.CreateDirectory(database._folder);
        await Shell.RunAsync("chown", "postgres", database._folder);
        var initialise = AsPostgres(Path.Combine(Folder, "initdb"), "-D", database.Tables, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C");
        await Shell.RunAsync(initialise[0], initialise[1..]);
        await File.AppendAllTextAsync(Path.Combine(database.Tables, "pg_hba.conf"), $"host all all {bridge.Prefix}0/24 trust\n");
        await database.RepairAsync();
        return database;
    }

    public async Task<Place> KillPrimaryAsync()
    {
        // The postmaster alone: its children end because it is gone, in the middle of what they do.
        await _server!.KillAsync();
        return _place;
    }

    public async Task RestartAsync()
    {
        await _server!.StopAsync("INT");
        await RepairAsync();
    }

    public async Task RepairAsync()
    {
        if (_server is { IsRunning: true })
        {
            return;
        }

        for (var attempt = 0; ; attempt++)
        {
            if (_server is not null)
            {
                await _server.DisposeAsync();
            }

            // track_commit_timestamp tells the judges when each row became true.
            _server = NodeProcess.Start(_place, Path.Combine(_folder, "server.log"), line => line.Contains("ready to accept connections", StringComparison.Ordinal), AsPostgres(
                Path.Combine(Folder, "postgres"), "-D", Tables, "-c", $"listen_addresses={_place.Address}", "-c", $"unix_socket_directories={_folder}", "-c", "track_commit_timestamp=on",
                "-c", "max_connections=200", "-c", "tcp_keepalives_idle=5", "-c", "tcp_user_timeout=10000"));
            if (await _server.ReadyAsync())
            {
                return;
            }

            // Children of the killed one may still hold the shared memory for a moment.
            if (attempt == 20)
            {
                throw new InvalidOperationException($"PostgreSQL does not come back: see {_folder}/server.log.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250));
        }
    }

    public async Task<int> CutConnectionsAsync() =>
        Count(await QueryAsync("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and client_addr is not null"));

    public async Task WritableAsync()
    {
        for (var i = 0; i < 240; i++)
        {
            try
            {
                await QueryAsync("select 1");
                return;
            }
            catch (InvalidOperationException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250));
            }
        }

        throw new InvalidOperationException($"PostgreSQL does not answer: see {_folder}/server.log.");
    }

    public Task<string> QueryAsync(string sql)
    {
        var ask = Psql(_folder, sql);
        return Shell.RunAsync(ask[0], ask[1..]);
    }

    public IAsyncEnumerable<string> RowsAsync(string sql)
    {
        var ask = Psql(_folder, sql);
        return Shell.LinesAsync(ask[0], ask[1..]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private string Tables => Path.Combine(_folder, "tables");
}
