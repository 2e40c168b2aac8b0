using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.JournalContract.Postgres;
using ActorIpam.JournalContract.Sqlite;
using ActorIpam.Storage.Postgres;
using ActorIpam.Storage.Sqlite;
using Npgsql;
using Shouldly;
using Xunit;

namespace ActorIpam.JournalContract.Past;

/// <summary>Every question about holders is a stretch of an index, on both storages: no plan reads a table whole.</summary>
public sealed class HistoryPlans
{
    private static readonly DateTimeOffset Then = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly IpAddress Ip = IpAddress.Parse("10.1.7.9");

    public static TheoryData<string, string> Questions => new()
    {
        { "ip", "address_history_ip" },
        { "handle", "address_history_handle" },
        { "host", "address_history_owner" },
        { "pool", "address_history_pool" },
        { "time", "address_history_released" },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task PostgreSQL_takes_the_index_of_the_question(string question, string index)
    {
        await using var under = await PostgresSource.NewAsync();
        var plan = await ExplainAsync(under, HoldingQueries.Of(FilterOf(question)));

        plan.ShouldContain($"using {index} on address_history");
        plan.ShouldNotContain("Seq Scan on address_history");
    }

    [Fact]
    public async Task PostgreSQL_finds_what_was_held_at_an_instant_by_index()
    {
        await using var under = await PostgresSource.NewAsync();
        (await ExplainAsync(under, PastQueries.AddressAt(Ip, Then))).ShouldContain("using address_history_ip on address_history");
        foreach (var filter in (AddressFilter[])[new(), new() { Range = Cidr.Parse("10.0.0.0/8"), Borrowed = true }, new() { Handle = "web" }, new() { Holder = Owner.Host("a") }])
        {
            (await ExplainAsync(under, PastQueries.FindAt(filter, Then))).ShouldNotContain("Seq Scan on address_history");
        }
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public void SQLite_takes_the_index_of_the_question(string question, string index)
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Database)!);
        using var connection = SqliteOpening.OpenWriter(folder.Database, new(), new());
        var steps = new List<string>();

        connection.Prepare("EXPLAIN QUERY PLAN " + SqliteHoldingQueries.PastText(FilterOf(question))).Into(steps, static row => row.Text(3));

        steps.ShouldContain(step => step.StartsWith("SEARCH a USING INDEX " + index, StringComparison.Ordinal));
        steps.ShouldNotContain(step => step.StartsWith("SCAN", StringComparison.Ordinal));
    }

    private static HoldingFilter FilterOf(string question) => new()
    {
        Ip = question == "ip" ? Ip : null,
        Handle = question == "handle" ? "web" : null,
        Holder = question == "host" ? Owner.Host("a") : null,
        Pool = question == "pool" ? "0f8fad5b-d9cb-469f-a165-70867728950e" : null,
        From = Then,
        To = Then.AddMicroseconds(1),
    };

    /// <remarks>An empty table is cheapest read whole: that way is closed, so that the plan shows which index fits the statement.</remarks>
    private static async Task<string> ExplainAsync(PostgresUnderTest under, Query query)
    {
        await using var connection = await under.ConnectAsync();
        await using (var set = new NpgsqlCommand("set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = on", connection))
        {
            await set.ExecuteNonQueryAsync();
        }

        await using var explain = new NpgsqlCommand("explain " + query.Sql, connection);
        explain.Parameters.AddRange(query.Parameters);
        await using var reader = await explain.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }
}
