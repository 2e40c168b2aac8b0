using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using ActorIpam.Domain.Views;
using ActorIpam.Storage.Portable;
using Npgsql;
using NpgsqlTypes;

namespace ActorIpam.Storage.Postgres;

/// <summary>Portable rows as PostgreSQL keeps them.</summary>
internal static class PostgresRowCodec
{
    /// <remarks>The order names columns of the table: a bare name would mean the text that is selected under it.</remarks>
    public static string Select(PortableTable table) =>
        $"select {string.Join(", ", table.Columns.Select(Expression))} from {table.Name} t order by {string.Join(", ", table.PostgresOrder.Split(", ").Select(static column => $"t.{column}"))}";

    /// <summary>Columns that are not named get what the server gives: places in the order in which rows come.</summary>
    public static string Copy(PortableTable table) =>
        $"copy {table.Name} ({string.Join(", ", table.Columns.Select(static column => column.Kind == ColumnKind.Grants ? "ips, generations" : column.Postgres))}) from stdin (format binary)";

    public static PortableRow Read(PortableTable table, NpgsqlDataReader row)
    {
        var values = new object?[table.Columns.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = row.IsDBNull(i) ? null : Value(table.Columns[i].Kind, row, i);
        }

        return new(table, values);
    }

    public static async Task WriteAsync(NpgsqlBinaryImporter importer, PortableRow row, CancellationToken cancellation)
    {
        await importer.StartRowAsync(cancellation);
        for (var i = 0; i < row.Values.Length; i++)
        {
            switch (row.Table.Columns[i].Kind, row.Values[i])
            {
                case (ColumnKind.Attributes, var attributes):
                    await importer.WriteAsync((string?)attributes ?? "null", NpgsqlDbType.Jsonb, cancellation);
                    break;
                case (_, null):
                    await importer.WriteNullAsync(cancellation);
                    break;
                case (ColumnKind.Text, string text):
                    await importer.WriteAsync(text, NpgsqlDbType.Text, cancellation);
                    break;
                case (ColumnKind.Json, string text):
                    await importer.WriteAsync(text, NpgsqlDbType.Json, cancellation);
                    break;
                case (ColumnKind.Number, long number):
                    await importer.WriteAsync(number, NpgsqlDbType.Bigint, cancellation);
                    break;
                case (ColumnKind.SmallNumber, long number):
                    await importer.WriteAsync((int)number, NpgsqlDbType.Integer, cancellation);
                    break;
                case (ColumnKind.Time, DateTimeOffset time):
                    await importer.WriteAsync(time.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
                    break;
                case (ColumnKind.Commit, Guid commit):
                    await importer.WriteAsync(commit, NpgsqlDbType.Uuid, cancellation);
                    break;
                case (ColumnKind.Address, string ip):
                    await importer.WriteAsync(new NpgsqlInet(IPAddress.Parse(ip)), NpgsqlDbType.Inet, cancellation);
                    break;
                case (ColumnKind.Range, string range):
                    await importer.WriteAsync(IPNetwork.Parse(range), NpgsqlDbType.Cidr, cancellation);
                    break;
                case (ColumnKind.Grants, ImmutableArray<Grant> grants):
                    await importer.WriteAsync(grants.Select(static grant => new NpgsqlInet(IPAddress.Parse(grant.Ip.ToString()))).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Inet, cancellation);
                    await importer.WriteAsync(grants.Select(static grant => grant.Generation).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Bigint, cancellation);
                    break;
                case var (kind, value):
                    throw new InvalidOperationException($"{value.GetType().Name} is no {kind}.");
            }
        }
    }

    private static string Expression(PortableColumn column) => column.Kind switch
    {
        ColumnKind.Json or ColumnKind.Range or ColumnKind.Attributes => $"{column.Postgres}::text",
        ColumnKind.SmallNumber => $"{column.Postgres}::bigint",
        ColumnKind.Address => $"host({column.Postgres})",
        ColumnKind.Grants =>
            "(select coalesce(json_agg(json_build_array(host(g.ip), g.generation) order by g.place), '[]') from unnest(ips, generations) with ordinality g(ip, generation, place))::text",
        _ => column.Postgres,
    };

    private static object? Value(ColumnKind kind, NpgsqlDataReader row, int column)
    {
        switch (kind)
        {
            case ColumnKind.Number or ColumnKind.SmallNumber:
                return row.GetInt64(column);
            case ColumnKind.Time:
                return row.GetFieldValue<DateTimeOffset>(column);
            case ColumnKind.Commit:
                return row.GetGuid(column);
            case ColumnKind.Attributes:
                var attributes = row.GetString(column);
                return attributes == "null" ? null : RowText.Sorted(attributes);
            case ColumnKind.Grants:
                using (var grants = JsonDocument.Parse(row.GetString(column)))
                {
                    return RowText.Grants(grants.RootElement);
                }

            default:
                return row.GetString(column);
        }
    }
}
