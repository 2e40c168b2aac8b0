using System.Data;
using ActorIpam.Storage.Portable;

namespace ActorIpam.Storage.Postgres;

/// <summary>A PostgreSQL journal in one snapshot of the database: members go on, and what they commit later is not seen.</summary>
internal sealed class PostgresOrigin : IMovableOrigin
{
    private readonly PostgresPlace _place;

    private PostgresOrigin(PostgresPlace place, DateTimeOffset at) => (_place, At) = (place, at);

    public string Kind => "postgres";

    public DateTimeOffset At { get; }

    /// <exception cref="CareException">There is no journal that this release reads, or the server does not answer.</exception>
    public static async Task<PostgresOrigin> OpenAsync(string connectionString, CancellationToken cancellation)
    {
        var place = await PostgresPlace.OpenAsync(connectionString, IsolationLevel.RepeatableRead);
        return await ReadyAsync(place, static (_, _) => Task.CompletedTask, cancellation);
    }

    /// <summary>Opens it so that nobody can write it, and no member start on it, before this source is closed.</summary>
    /// <inheritdoc cref="OpenAsync"/>
    public static async Task<PostgresOrigin> OpenAloneAsync(string connectionString, CancellationToken cancellation)
    {
        // Each statement sees what is committed: the rows are read behind the lock, so nothing can be committed between them.
        var place = await PostgresPlace.OpenAsync(connectionString, IsolationLevel.ReadCommitted);
        return await ReadyAsync(
            place,
            static async (place, cancellation) =>
            {
                await place.MustBeStoppedAsync(cancellation);
                await place.RunAsync($"lock table {string.Join(", ", PortableTable.All.Select(static table => table.Name))} in share row exclusive mode", cancellation);
            },
            cancellation,
            alone: true);
    }

    public IAsyncEnumerable<PortableRow> RowsAsync(CancellationToken cancellation) => _place.RowsAsync(cancellation);

    public async ValueTask<string?> LeftForAsync(CancellationToken cancellation) => await _place.ScalarAsync("select target from moved", cancellation) as string;

    public async ValueTask LeaveAsync(string target, CancellationToken cancellation)
    {
        await _place.RunAsync("insert into moved (id, target, at) values (1, $1, now()) on conflict (id) do update set target = excluded.target, at = excluded.at", cancellation, target);
        await _place.RunAsync("drop trigger if exists moved on stream", cancellation);
        await _place.RunAsync("create trigger moved before insert or update or delete on stream for each statement execute function refuse_when_moved()", cancellation);
        await _place.CommitAsync(cancellation);
    }

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    private static async Task<PostgresOrigin> ReadyAsync(PostgresPlace place, Func<PostgresPlace, CancellationToken, Task> prepare, CancellationToken cancellation, bool alone = false)
    {
        try
        {
            if (alone)
            {
                await place.HoldStartsAsync(cancellation);
            }

            await place.MustBeReadableAsync(cancellation);
            await prepare(place, cancellation);
            return new(place, new((DateTime)(await place.ScalarAsync("select clock_timestamp()", cancellation))!));
        }
        catch
        {
            await place.DisposeAsync();
            throw;
        }
    }
}
