using System.Diagnostics;
using System.Globalization;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.JournalContract.Postgres;
using ActorIpam.JournalContract.Sqlite;
using ActorIpam.Storage.Sqlite;
using Npgsql;
using Xunit;

namespace ActorIpam.JournalContract.Past;

/// <summary>A report, never a gate: how long "who had it then" takes among many rows. Runs when <c>PAST_ROWS</c> says how many, and writes to <c>PAST_REPORT</c>.</summary>
/// <remarks>65,536 addresses change hands in turn, each holder ten minutes; 4,096 handles, 512 hosts, 16 pools.</remarks>
public sealed class HistoryTiming
{
    private const int Addresses = 65_536, Questions = 2_000;

    private static readonly DateTimeOffset Start = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static long Rows => long.TryParse(Environment.GetEnvironmentVariable("PAST_ROWS"), CultureInfo.InvariantCulture, out var rows) ? rows : 0;

    [Fact]
    public async Task On_PostgreSQL()
    {
        Assert.SkipWhen(Rows == 0, "PAST_ROWS is not set.");
        await using var under = await PostgresSource.NewAsync();
        var rows =
            $"""
            insert into address_history (ip, generation, handle, owner, block, pool, attributes, assigned_at, issued, released_at, why)
            select '10.0.0.0'::inet + (n % {Addresses}), n / {Addresses} + 1, 'k8s-pod-network.' || lpad((n % 4096)::text, 12, '0'), 'host:rack-' || n % 512,
                   set_masklen(('10.0.0.0'::inet + (n % {Addresses}) / 64 * 64)::cidr, 26), '00000000-0000-4000-8000-' || lpad((n % 16)::text, 12, '0'), '{"{\"pod\": \"web\"}"}',
                   $1 + (n / {Addresses}) * interval '10 minutes', null, $1 + (n / {Addresses} + 1) * interval '10 minutes', 'released'
              from generate_series(0, {Rows - 1}) n
            """;
        await using (var connection = await under.ConnectAsync())
        await using (var fill = new NpgsqlCommand(rows, connection) { CommandTimeout = 0 })
        {
            fill.Parameters.AddWithValue(Start);
            await fill.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await under.RunAsync("analyze address_history");
        await MeasureAsync("PostgreSQL", ((IJournalUnderTest)under).Past);
    }

    [Fact]
    public async Task On_SQLite()
    {
        Assert.SkipWhen(Rows == 0, "PAST_ROWS is not set.");
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Database)!);
        using (var connection = SqliteOpening.OpenWriter(folder.Database, new(), new()))
        {
            connection.Define("ip_key", static number => IpAddress.Parse("10.0.0.0").Plus(uint.Parse(number, CultureInfo.InvariantCulture)).Key());
            connection.Run("PRAGMA synchronous = OFF");
            connection.RunScript(FormattableString.Invariant(
                $"""
                BEGIN;
                WITH RECURSIVE holder (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM holder WHERE n < {Rows - 1})
                INSERT INTO address_history (ip, place, block, generation, handle, owner, attributes, since, pool, released_at, why)
                SELECT ip_key(n % {Addresses}), n / {Addresses} + 1, ip_key(n % {Addresses} / 64 * 64) || x'1a', n / {Addresses} + 1, printf('k8s-pod-network.%012d', n % 4096),
                       'host:rack-' || (n % 512), json_object('pod', 'web'), {Start.UtcTicks} + n / {Addresses} * 6000000000, printf('00000000-0000-4000-8000-%012d', n % 16),
                       {Start.UtcTicks} + (n / {Addresses} + 1) * 6000000000, 'released'
                  FROM holder;
                COMMIT;
                """));
        }

        await using var journal = await folder.OpenAsync();
        await MeasureAsync("SQLite", journal);
    }

    private static async Task MeasureAsync(string storage, IPastViews past)
    {
        var dice = new Programs.Dice(1);
        var turns = Math.Max(1, (int)(Rows / Addresses));
        var taken = new List<double>(Questions);
        for (var question = -100; question < Questions; question++)
        {
            var ip = IpAddress.Parse("10.0.0.0").Plus((uint)dice.Below(Addresses));
            var at = Start + (dice.Below(turns) * TimeSpan.FromMinutes(10)) + TimeSpan.FromMinutes(4);
            var began = Stopwatch.GetTimestamp();
            var page = await past.HoldingsAsync(new() { Ip = ip, From = at, To = at.AddMicroseconds(1) }, CancellationToken.None);
            if (question >= 0)
            {
                taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            Assert.Single(page.Items);
        }

        taken.Sort();
        var line = string.Create(CultureInfo.InvariantCulture, $"{storage}, {Rows} rows: p50 {taken[Questions / 2]:0.000} ms, p99 {taken[Questions * 99 / 100]:0.000} ms, longest {taken[^1]:0.000} ms\n");
        TestContext.Current.SendDiagnosticMessage("{0}", line);
        await File.AppendAllTextAsync(Environment.GetEnvironmentVariable("PAST_REPORT") ?? "past-report.txt", line, CancellationToken.None);
    }
}
