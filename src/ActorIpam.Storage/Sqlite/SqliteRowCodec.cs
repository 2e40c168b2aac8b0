using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.Storage.Portable;

namespace ActorIpam.Storage.Sqlite;

/// <summary>Portable rows as SQLite keeps them.</summary>
internal static class SqliteRowCodec
{
    public static string Select(PortableTable table) => $"SELECT {Columns(table)} FROM {table.Name} ORDER BY {table.Order}";

    /// <summary>A row that is placed gets the number behind the last of those with the same key.</summary>
    public static string Insert(PortableTable table)
    {
        var parameters = table.Columns.Select(static (_, i) => $"?{i + 1}");
        return table.PlacedBy.IsEmpty
            ? $"INSERT INTO {table.Name} ({Columns(table)}) VALUES ({string.Join(", ", parameters)})"
            : $"INSERT INTO {table.Name} ({Columns(table)}, place) SELECT {string.Join(", ", parameters)}, (SELECT ifnull(max(place), 0) + 1 FROM {table.Name} WHERE "
                + string.Join(" AND ", table.PlacedBy.Select(column => $"{table.Columns[column].Name} = ?{column + 1}")) + ")";
    }

    public static PortableRow Read(PortableTable table, SqliteStatement row)
    {
        var values = new object?[table.Columns.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = table.Columns[i].Kind == ColumnKind.Attributes ? Attributes(row.TextOrNull(i))
                : row.IsNull(i) ? null
                : Value(table.Columns[i].Kind, row, i);
        }

        return new(table, values);
    }

    public static void Bind(SqliteStatement statement, PortableRow row)
    {
        for (var i = 0; i < row.Values.Length; i++)
        {
            Bind(statement, row.Table.Columns[i].Kind, row.Values[i]);
        }
    }

    private static string Columns(PortableTable table) => string.Join(", ", table.Columns.Select(static column => column.Name));

    private static object Value(ColumnKind kind, SqliteStatement row, int column) => kind switch
    {
        ColumnKind.Text or ColumnKind.Json => row.Text(column),
        ColumnKind.Number or ColumnKind.SmallNumber => row.Number(column),
        // To the microsecond, as every storage keeps them: those of tokens are finer here.
        ColumnKind.Time => SqliteKeys.ToTime(row.Number(column) / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond),
        ColumnKind.Commit => SqliteKeys.ToCommit(row.Bytes(column)).Value,
        ColumnKind.Address => SqliteKeys.ToIp(row.Bytes(column)).ToString(),
        ColumnKind.Range => SqliteKeys.ToCidr(row.Bytes(column)).ToString(),
        ColumnKind.Grants => SqliteKeys.UnpackGrants(row.Bytes(column)),
        _ => throw new InvalidOperationException($"{kind} is read nowhere."),
    };

    private static SqliteStatement Bind(SqliteStatement statement, ColumnKind kind, object? value) => (kind, value) switch
    {
        (ColumnKind.Attributes, null) => statement.With(SqliteKeys.Redacted),
        (ColumnKind.Attributes, string attributes) => statement.With(SqliteKeys.Pack(SqliteKeys.UnpackAttributes(attributes))),
        (_, null) => statement.With((string?)null),
        (ColumnKind.Address, string ip) => statement.With(IpAddress.Parse(ip).Key()),
        (ColumnKind.Range, string range) => statement.With(Cidr.Parse(range).Key()),
        (_, string text) => statement.With(text),
        (_, long number) => statement.With(number),
        (_, DateTimeOffset time) => statement.With(time.UtcTicks),
        (_, Guid commit) => statement.With(new EventSourcing.CommitId(commit).Key()),
        (_, System.Collections.Immutable.ImmutableArray<Grant> grants) => statement.With(SqliteKeys.Pack(grants)),
        _ => throw new InvalidOperationException($"{value.GetType().Name} has no place in a row."),
    };

    private static string? Attributes(string? packed) => packed switch
    {
        null => "{}",
        SqliteKeys.Redacted => null,
        _ => RowText.Sorted(packed),
    };
}
