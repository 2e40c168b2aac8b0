using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Chaos.Net;
using static ActorIpam.Chaos.Nodes.PostgresPrograms;

namespace ActorIpam.Chaos.Nodes;

/// <summary>Three PostgreSQL under Patroni with strict synchronous replication; etcd, on a machine of its own, says who is primary.</summary>
internal sealed class PatroniDatabase : IDatabase
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly string _folder;
    private readonly Dictionary<Place, NodeProcess> _keepers = [];
    private readonly NodeProcess _etcd;
    private readonly Place _store;

    private PatroniDatabase(string folder, Place store, NodeProcess etcd, ImmutableArray<Place> places) => (_folder, _store, _etcd, Places) = (folder, store, etcd, places);

    public ImmutableArray<Place> Places { get; }

    public bool FailsOver => true;

    public string ConnectionString => $"Host={string.Join(',', Places.Select(place => place.Address))};Target Session Attributes=read-write;Timeout=3;Username=postgres;Database=postgres";

    public static async Task<PatroniDatabase> StartAsync(Bridge bridge, string folder)
    {
        var store = await bridge.AddAsync("etcd", 9);
        var data = Path.Combine(folder, "etcd");
        Directory.CreateDirectory(data);
        var url = $"http://{store.Address}:2379";
        var etcd = NodeProcess.Start(
            store, Path.Combine(data, "etcd.log"), line => line.Contains("ready to serve client requests", StringComparison.Ordinal),
            "etcd", "--name", "etcd", "--data-dir", Path.Combine(data, "data"), "--listen-client-urls", url, "--advertise-client-urls", url,
            "--listen-peer-urls", $"http://{store.Address}:2380", "--initial-advertise-peer-urls", $"http://{store.Address}:2380", "--initial-cluster", $"etcd=http://{store.Address}:2380");
        if (!await etcd.ReadyAsync())
        {
            throw new InvalidOperationException("etcd does not start: see etcd.log.");
        }

        ImmutableArray<Place> places = [await bridge.AddAsync("db1", 10), await bridge.AddAsync("db2", 11), await bridge.AddAsync("db3", 12)];
        var database = new PatroniDatabase(folder, store, etcd, places);
        foreach (var place in places)
        {
            await database.PrepareAsync(place, bridge);
            database.StartKeeper(place);
        }

        await database.SynchronousAsync();
        return database;
    }

    public async Task<Place> KillPrimaryAsync()
    {
        // Strict replication lets only a synchronous standby take over, and lets it write only when the third one follows it: without both the fault would be two at once, and last until this one is repaired.
        await SynchronousAsync();
        var primary = await PrimaryAsync() ?? throw new InvalidOperationException("There is no primary to kill.");

        // Both at once, as when a machine loses its power: nobody says goodbye to etcd.
        await _keepers[primary].KillAsync();
        var postmaster = (await File.ReadAllLinesAsync(Path.Combine(Tables(primary), "postmaster.pid")))[0];
        await Shell.TryAsync("kill", "-KILL", postmaster);
        return primary;
    }

    public async Task RestartAsync()
    {
        var primary = await PrimaryAsync() ?? throw new InvalidOperationException("There is no primary to restart.");
        var answer = await ControlAsync(primary, "restart", "chaos", primary.Name, "--force");
        if (!answer.Contains("Success", StringComparison.Ordinal))
        {
            // It says so, and ends with 0 all the same.
            throw new InvalidOperationException($"patronictl did not restart {primary.Name}: {answer.Trim()}");
        }
    }

    public Task RepairAsync()
    {
        foreach (var place in Places.Where(place => !_keepers[place].IsRunning))
        {
            StartKeeper(place);
        }

        return Task.CompletedTask;
    }

    // Replication's own connections are left alone: they are no members.
    public async Task<int> CutConnectionsAsync() => await PrimaryAsync() is { } primary
        ? Count(await AskAsync(primary, "select pg_terminate_backend(pid) from pg_stat_activity where application_name not like 'Patroni%' and backend_type = 'client backend' and pid <> pg_backend_pid() and client_addr is not null"))
        : 0;

    /// <remarks>A primary that was just promoted takes a commit only when a standby has it: nothing less than a commit tells.</remarks>
    public async Task WritableAsync()
    {
        for (var i = 0; i < 1200; i++)
        {
            if (await PrimaryAsync() is { } primary)
            {
                try
                {
                    await AskAsync(primary, "create table if not exists chaos_trial (at timestamptz); insert into chaos_trial values (now())");
                    return;
                }
                catch (InvalidOperationException)
                {
                    // It was stopped meanwhile, or is no primary any more.
                }
            }

            await Task.Delay(Look);
        }

        throw new InvalidOperationException("Patroni finds no primary: see the logs of db1, db2 and db3.");
    }

    public async Task<string> QueryAsync(string sql) => await AskAsync(await PrimaryAsync() ?? throw new InvalidOperationException("There is no primary."), sql);

    public async IAsyncEnumerable<string> RowsAsync(string sql)
    {
        var primary = await PrimaryAsync() ?? throw new InvalidOperationException("There is no primary.");
        var ask = Psql(Path.Combine(_folder, primary.Name), sql);
        await foreach (var line in Shell.LinesAsync(ask[0], ask[1..]))
        {
            yield return line;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (place, keeper) in _keepers)
        {
            await keeper.DisposeAsync();
            var pid = Path.Combine(Tables(place), "postmaster.pid");
            if (File.Exists(pid))
            {
                await Shell.TryAsync("kill", "-KILL", (await File.ReadAllLinesAsync(pid))[0]);
            }
        }

        await _etcd.DisposeAsync();
    }

    /// <summary>The one server that takes writes, if it does now.</summary>
    private async Task<Place?> PrimaryAsync()
    {
        foreach (var place in Places)
        {
            try
            {
                if ((await AskAsync(place, "select not pg_is_in_recovery()")).Trim() == "t")
                {
                    return place;
                }
            }
            catch (InvalidOperationException)
            {
                // Down, or starting: it takes no writes.
            }
        }

        return null;
    }

    /// <summary>Returns when Patroni knows of a standby that has everything, and all others follow. PostgreSQL knows it some seconds earlier, but only what Patroni has noted may take over.</summary>
    private async Task SynchronousAsync()
    {
        // Who was killed may have to copy all tables again.
        for (var i = 0; i < 600; i++)
        {
            if (await PrimaryAsync() is { } primary && await FollowersAsync(primary) == Places.Length - 1
                && (await ControlAsync(primary, "list", "chaos", "-f", "json")).Contains("Sync Standby", StringComparison.Ordinal))
            {
                return;
            }

            await Task.Delay(Look);
        }

        throw new InvalidOperationException("No standby replicates synchronously: see the logs of db1, db2 and db3.");
    }

    /// <summary>How many servers have caught up and receive what this one writes; none while it is down.</summary>
    private async Task<int> FollowersAsync(Place primary)
    {
        try
        {
            return int.Parse(await AskAsync(primary, "select count(*) from pg_stat_replication where state = 'streaming'"), CultureInfo.InvariantCulture);
        }
        catch (InvalidOperationException)
        {
            return 0;
        }
    }

    private Task<string> ControlAsync(Place place, params string[] command) =>
        Shell.RunAsync("ip", ["netns", "exec", place.Namespace, .. AsPostgres("patronictl", "-c", Path.Combine(_folder, place.Name, "patroni.yml")), .. command]);

    private async Task PrepareAsync(Place place, Bridge bridge)
    {
        var folder = Path.Combine(_folder, place.Name);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "patroni.yml"), string.Create(CultureInfo.InvariantCulture, $$"""
            scope: chaos
            name: {{place.Name}}
            restapi: { listen: "{{place.Address}}:8008", connect_address: "{{place.Address}}:8008" }
            etcd3: { hosts: "{{_store.Address}}:2379" }
            bootstrap:
              dcs:
                ttl: 20
                loop_wait: 2
                retry_timeout: 3
                maximum_lag_on_failover: 0
                synchronous_mode: true
                synchronous_mode_strict: true
                postgresql:
                  use_pg_rewind: true
                  use_slots: false
                  parameters: { wal_keep_size: 1GB, synchronous_commit: "on", fsync: "on", wal_level: replica, hot_standby: "on", track_commit_timestamp: "on", max_connections: 100, wal_log_hints: "on" }
              initdb: [ { encoding: UTF8 }, { locale: C }, data-checksums ]
            postgresql:
              listen: "{{place.Address}}:5432"
              connect_address: "{{place.Address}}:5432"
              data_dir: {{Tables(place)}}
              bin_dir: {{PostgresPrograms.Folder}}
              pgpass: {{folder}}/pgpass
              authentication:
                superuser: { username: postgres, password: chaos }
                replication: { username: replicator, password: chaos }
              pg_hba: [ "local all all trust", "host all all {{bridge.Prefix}}0/24 trust", "host replication all {{bridge.Prefix}}0/24 trust" ]
              parameters: { unix_socket_directories: "{{folder}}" }
            watchdog: { mode: "off" }

            """));
        await Shell.RunAsync("chown", "-R", "postgres", folder);
    }

    private void StartKeeper(Place place) => _keepers[place] = NodeProcess.Start(
        place, Path.Combine(_folder, place.Name, "patroni.log"), line => line.Contains("no action", StringComparison.Ordinal), AsPostgres("patroni", Path.Combine(_folder, place.Name, "patroni.yml")));

    private Task<string> AskAsync(Place place, string sql)
    {
        var ask = Psql(Path.Combine(_folder, place.Name), sql);
        return Shell.RunAsync(ask[0], ask[1..]);
    }

    private string Tables(Place place) => Path.Combine(_folder, place.Name, "tables");
}
