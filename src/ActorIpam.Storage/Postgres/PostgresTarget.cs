using System.Data;
using ActorIpam.Storage.Portable;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>A PostgreSQL journal that is filled in one transaction: nobody sees any of it before the end, and a killed one leaves empty tables.</summary>
internal sealed class PostgresTarget : IJournalTarget
{
    private readonly PostgresPlace _place;

    private PostgresTarget(PostgresPlace place) => _place = place;

    /// <exception cref="CareException">There is a journal already, a member is at work on it, or the server does not answer.</exception>
    public static async Task<PostgresTarget> OpenAsync(string connectionString, TimeProvider time, CancellationToken cancellation)
    {
        await CreateTablesAsync(connectionString, time);
        var place = await PostgresPlace.OpenAsync(connectionString, IsolationLevel.ReadCommitted);
        try
        {
            await place.HoldStartsAsync(cancellation);
            await place.MustBeStoppedAsync(cancellation);
            await place.RunAsync($"lock table {string.Join(", ", PortableTable.All.Select(static table => table.Name))} in share row exclusive mode", cancellation);
            return await place.IsEmptyAsync(cancellation)
                ? new(place)
                : throw new CareException("The journal in this database is not empty: name another database, or take this one away first.");
        }
        catch
        {
            await place.DisposeAsync();
            throw;
        }
    }

    public async ValueTask WriteAsync(IAsyncEnumerable<PortableRow> rows, CancellationToken cancellation)
    {
        try
        {
            await CopyAsync(rows, cancellation);
            await _place.RunAsync("select setval(pg_get_serial_sequence('token', 'number'), max(number)) from token having max(number) is not null", cancellation);
            await _place.RunAsync($"analyze {string.Join(", ", PortableTable.All.Select(static table => table.Name))}", cancellation);
        }
        catch (Exception failure) when (AppendFailures.IsOfStorage(failure))
        {
            throw PostgresPlace.Failed(failure);
        }
    }

    public async ValueTask WriteAsync(FirstStep step, CancellationToken cancellation)
    {
        foreach (var stream in new[] { step.Catalog, step.Raised })
        {
            await _place.RunAsync(
                "insert into stream as s (id, version, commit_id) values ($1, 1, $2) on conflict (id) do update set version = s.version + 1, commit_id = excluded.commit_id",
                cancellation, stream, step.Commit);
        }

        await _place.RunAsync(
            "insert into journal (stream, version, commit_id, at, member, schema, events) select id, version, commit_id, $1, $2, $3, $4::json from stream where id = $5",
            cancellation, step.At.ToUniversalTime(), FirstStep.Member, step.Schema, step.Events, step.Catalog);
    }

    public IAsyncEnumerable<PortableRow> RowsAsync(CancellationToken cancellation) => _place.RowsAsync(cancellation);

    public async ValueTask PublishAsync(CancellationToken cancellation) => await _place.CommitAsync(cancellation);

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    private async Task CopyAsync(IAsyncEnumerable<PortableRow> rows, CancellationToken cancellation)
    {
        NpgsqlBinaryImporter? importer = null;
        PortableTable? table = null;
        try
        {
            await foreach (var row in rows.WithCancellation(cancellation))
            {
                if (row.Table != table)
                {
                    await EndAsync(importer, cancellation);
                    (table, importer) = (row.Table, null);
                    importer = await _place.Connection.BeginBinaryImportAsync(PostgresRowCodec.Copy(row.Table), cancellation);
                }

                await PostgresRowCodec.WriteAsync(importer!, row, cancellation);
            }

            await EndAsync(importer, cancellation);
            importer = null;
        }
        finally
        {
            if (importer is not null)
            {
                await importer.DisposeAsync();
            }
        }
    }

    private static async Task EndAsync(NpgsqlBinaryImporter? importer, CancellationToken cancellation)
    {
        if (importer is not null)
        {
            await importer.CompleteAsync(cancellation);
            await importer.DisposeAsync();
        }
    }

    /// <summary>The tables of a member that starts; they stay when nothing comes of the rest.</summary>
    private static async Task CreateTablesAsync(string connectionString, TimeProvider time)
    {
        try
        {
            await using var journal = await PostgresJournal.OpenAsync(connectionString, new(), time);
        }
        catch (PostgresStartException refused)
        {
            throw new CareException(refused.Message, refused);
        }
    }
}
