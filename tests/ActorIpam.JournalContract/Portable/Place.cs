using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.JournalContract.Postgres;
using ActorIpam.JournalContract.Sqlite;
using ActorIpam.Storage.Portable;
using ActorIpam.Storage.Postgres;
using ActorIpam.Storage.Sqlite;
using Npgsql;

namespace ActorIpam.JournalContract.Portable;

/// <summary>The kinds of storage that have a place.</summary>
public enum StorageKind
{
    Sqlite,
    Postgres,
}

/// <summary>A place where no journal is yet: a file, or a database of its own. It goes with the test.</summary>
internal sealed class Place : IAsyncDisposable
{
    private static int _databases;

    private readonly Func<ValueTask> _remove;

    private Place(JournalPlace journal, Func<ValueTask> remove) => (Journal, _remove) = (journal, remove);

    public JournalPlace Journal { get; }

    public static async Task<Place> NewAsync(StorageKind kind)
    {
        if (kind == StorageKind.Sqlite)
        {
            var folder = new ScratchFolder();
            return new(JournalPlace.Parse($"sqlite:{folder.Database}"), () =>
            {
                folder.Dispose();
                return ValueTask.CompletedTask;
            });
        }

        var server = await PostgresServer.SharedAsync();
        var name = $"place{Interlocked.Increment(ref _databases)}";
        await RunAsync(server.ConnectionString, $"create database {name}");
        return new(
            JournalPlace.Parse($"postgres:{server.ConnectionString};Database={name};Pooling=false"),
            async () => await RunAsync(server.ConnectionString, $"drop database {name} with (force)"));
    }

    /// <summary>Opens it as a member does.</summary>
    public async Task<OpenPlace> OpenAsync() => Journal switch
    {
        JournalPlace.Sqlite sqlite => new(await SqliteJournal.OpenAsync(sqlite.File, new(), TimeProvider.System)),
        JournalPlace.Postgres postgres => new(await PostgresJournal.OpenAsync(postgres.ConnectionString, new(), TimeProvider.System)),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Every row, as text.</summary>
    public async Task<List<string>> RowsAsync(CancellationToken cancellation)
    {
        await using IJournalOrigin origin = Journal switch
        {
            JournalPlace.Sqlite sqlite => SqliteOrigin.Open(sqlite.File, TimeProvider.System),
            JournalPlace.Postgres postgres => await PostgresOrigin.OpenAsync(postgres.ConnectionString, cancellation),
            _ => throw new InvalidOperationException(),
        };
        var rows = new List<string>();
        await foreach (var row in origin.RowsAsync(cancellation))
        {
            rows.Add($"{row.Table.Name} {RowText.Of(row)}");
        }

        return rows;
    }

    /// <summary>Runs a statement behind the journal's back.</summary>
    public async Task RunAsync(string sql)
    {
        if (Journal is JournalPlace.Postgres postgres)
        {
            await RunAsync(postgres.ConnectionString, $"set search_path = actor_ipam; {sql}");
        }
    }

    public ValueTask DisposeAsync() => _remove();

    private static async Task RunAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>A journal that is open.</summary>
internal sealed class OpenPlace(IAsyncDisposable journal) : IAsyncDisposable
{
    public IJournal Journal => (IJournal)journal;

    public IViews Views => (IViews)journal;

    public IPastViews Past => (IPastViews)journal;

    public ValueTask DisposeAsync() => journal.DisposeAsync();
}
