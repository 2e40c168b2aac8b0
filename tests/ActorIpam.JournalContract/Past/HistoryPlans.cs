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

    /// <remarks>A walk over all addresses until a page is full is cheap by estimate and takes seconds among many rows.</remarks>
    [Theory]
    [InlineData("handle", "address_history_handle")]
    [InlineData("host", "address_history_owner")]
    public async Task PostgreSQL_finds_what_somebody_held_at_an_instant_by_his_index(string whose, string index)
    {
        await using var under = await PostgresSource.NewAsync();
        await under.RunAsync(
            """
            insert into address_history (ip, generation, handle, owner, block, pool, attributes, assigned_at, released_at, why)
            select '10.0.0.0'::inet + n % 4096, n, 'web-' || n % 256, 'host:rack-' || n % 32, '10.0.0.0/20', 'pool', '{}', $$2029-01-01$$::timestamptz + n * interval '1 minute', $$2029-01-02$$::timestamptz + n * interval '1 minute', 'released'
              from generate_series(1, 100000) n
            """);
        await under.RunAsync("analyze address_history");
        var filter = whose == "host" ? new AddressFilter { Holder = Owner.Host("rack-7") } : new AddressFilter { Handle = "web-7" };

        var plan = await ExplainAsync(under, PastQueries.FindAt(filter, new(2029, 2, 1, 0, 0, 0, TimeSpan.Zero)), "");

        plan.ShouldContain(index);
        plan.ShouldNotContain("address_history_pkey");
        plan.ShouldNotContain("address_history_ip");
        plan.ShouldNotContain("Seq Scan on address_history");
    }

    [Fact]
    public void SQLite_finds_what_was_held_at_an_instant_by_index()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Database)!);
        using var connection = SqliteOpening.OpenWriter(folder.Database, new(), new());
        foreach (var (filter, index) in ((AddressFilter, string)[])
        [
            (new(), "address_history_ip"),
            (new() { Range = Cidr.Parse("10.0.0.0/8"), Borrowed = true }, "address_history_ip"),
            (new() { Handle = "web" }, "address_history_handle"),
            (new() { Holder = Owner.Host("a") }, "address_history_owner"),
        ])
        {
            var steps = new List<string>();
            connection.Prepare("EXPLAIN QUERY PLAN " + SqlitePastQueries.PastText(filter)).Into(steps, static row => row.Text(3));

            steps.ShouldContain(step => step.Contains("USING INDEX " + index, StringComparison.Ordinal) || step.Contains("USING COVERING INDEX " + index, StringComparison.Ordinal));
            steps.ShouldNotContain(step => step.StartsWith("SCAN", StringComparison.Ordinal) && step.Contains("address", StringComparison.Ordinal), string.Join('\n', steps));
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
    private static async Task<string> ExplainAsync(
        PostgresUnderTest under, Query query, string settings = "set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = on")
    {
        await using var connection = await under.ConnectAsync();
        await using (var set = new NpgsqlCommand($"{settings}; select 1", connection))
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
