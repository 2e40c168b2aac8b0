using System.Collections.Immutable;

namespace ActorIpam.Storage.Portable;

/// <summary>One column of a portable table.</summary>
/// <param name="Name">Its name in a backup, and in the storages that have no other.</param>
/// <param name="Kind">What it holds.</param>
internal sealed record PortableColumn(string Name, ColumnKind Kind)
{
    /// <summary>Its name in PostgreSQL.</summary>
    public string Postgres { get; init; } = Name;
}

/// <summary>A table as both storages have it: its rows, in the same order, say the same wherever they are read.</summary>
/// <remarks>
/// Places that a storage gives by itself (<c>place</c>, <c>number</c>) are not carried over: they order rows, and the order is. Times of members, and what says that a
/// journal was moved, belong to one storage and stay there. A test compares these tables with the schemas.
/// </remarks>
/// <param name="Name">Its name.</param>
/// <param name="Columns">In the order of a row.</param>
/// <param name="Order">The columns that order its rows, as SQLite names them.</param>
internal sealed record PortableTable(string Name, ImmutableArray<PortableColumn> Columns, string Order)
{
    private const ColumnKind Text = ColumnKind.Text, Json = ColumnKind.Json, Number = ColumnKind.Number, Small = ColumnKind.SmallNumber, Time = ColumnKind.Time;
    private const ColumnKind Commit = ColumnKind.Commit, Address = ColumnKind.Address, Range = ColumnKind.Range;

    /// <summary>The columns that order its rows, as PostgreSQL names them.</summary>
    public string PostgresOrder { get; init; } = Order;

    /// <summary>Columns that order rows and that SQLite does not give by itself: the running number of a row among those with the same key.</summary>
    public ImmutableArray<int> PlacedBy { get; init; } = [];

    /// <summary>All of them, in the order of a backup.</summary>
    public static ImmutableArray<PortableTable> All { get; } =
    [
        new("stream", [new("id", Text), new("version", Number), new("commit_id", Commit)], "id"),
        new(
            "journal",
            [new("stream", Text), new("version", Number), new("commit_id", Commit), new("at", Time), new("member", Text), new("schema", Small), new("events", Json)],
            "stream, version"),
        new(
            "snapshot",
            [new("stream", Text), new("version", Number), new("commit_id", Commit), new("schema", Small), new("sha256", Text), new("state", Json)],
            "stream, version"),
        new("request", [new("id", Text), new("digest", Text), new("issued", Time), new("grants", ColumnKind.Grants), new("at", Time)], "id"),
        new("handle", [new("id", Text), new("closed_through", Time), new("at", Time)], "id"),
        new("address", [.. Holding("since")], "ip"),
        new("address_history", [.. Holding("assigned_at"), new("pool", Text), new("released_at", Time), new("why", Text)], "ip, place")
        {
            PostgresOrder = "ip, number",
            PlacedBy = [0],
        },
        new(
            "block",
            [
                new("cidr", Range), new("pool", Text), new("owner", Text), new("version", Number), new("size", Small), new("free", Small), new("assigned", Small),
                new("cooling", Small), new("host_reserved", Small), new("borrowed", Small), new("claimed_at", Time), new("cooling_since", Time),
            ],
            "cidr"),
        new(
            "block_history",
            [
                new("cidr", Range), new("version", Number), new("pool", Text), new("owner", Text), new("from_at", Time), new("to_at", Time), new("why", Text),
                new("ended", Text),
            ],
            "cidr, version"),
        new("resource", [new("kind", Text), new("name", Text), new("uid", Text), new("resource_version", Number), new("body", Json)], "kind, name"),
        new(
            "resource_history",
            [
                new("kind", Text), new("name", Text), new("uid", Text), new("resource_version", Number), new("body", Json), new("from_at", Time), new("to_at", Time),
            ],
            "kind, name, place")
        {
            PostgresOrder = "kind, name, number",
            PlacedBy = [0, 1],
        },
        new("history_horizon", [new("id", Small), new("at", Time)], "id"),
        new(
            "token",
            [
                new("number", Number), new("name", Text), new("digest", Text), new("role", Text), new("host", Text), new("created_at", Time), new("created_by", Text),
                new("expires_at", Time),
            ],
            "number"),
    ];

    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public static PortableTable Named(string name) => All.FirstOrDefault(table => table.Name == name) ?? throw new KeyNotFoundException($"There is no table {name}.");

    private static IEnumerable<PortableColumn> Holding(string since) =>
    [
        new("ip", Address), new("block", Range), new("generation", Number), new("handle", Text), new("owner", Text), new("attributes", ColumnKind.Attributes),
        new("since", Time) { Postgres = since }, new("issued", Time),
    ];
}

/// <summary>A row of a portable table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Values">
/// A value a column: string, long, <see cref="DateTimeOffset"/>, <see cref="Guid"/> or a list of grants; null for nothing. Addresses and ranges are text.
/// </param>
internal readonly record struct PortableRow(PortableTable Table, object?[] Values);
