using System.Diagnostics;
using System.Globalization;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Views;
using ActorIpam.JournalContract.Postgres;
using ActorIpam.JournalContract.Sqlite;
using ActorIpam.Storage.Sqlite;
using Npgsql;
using Xunit;

namespace ActorIpam.JournalContract.Past;

/// <summary>A report, never a gate: how long "who had it then" takes among many rows. Runs when <c>PAST_ROWS</c> says how many, and writes to <c>PAST_REPORT</c>.</summary>
/// <remarks>65,536 addresses change hands, each holder has one for ten minutes, and some hundred change in each second; 4,096 handles, 512 hosts, 16 pools.</remarks>
public sealed class HistoryTiming
{
    private const int Addresses = 65_536, Questions = 2_000, MostMilliseconds = 20_000;

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
                   $1 + (n / {Addresses}) * interval '10 minutes' + n % {Addresses} % 599 * interval '1 second', null,
                   $1 + (n / {Addresses} + 1) * interval '10 minutes' + n % {Addresses} % 599 * interval '1 second', 'released'
              from generate_series(0, {Rows - 1}) n
            """;
        await using (var connection = await under.ConnectAsync())
        await using (var fill = new NpgsqlCommand(rows, connection) { CommandTimeout = 0 })
        {
            fill.Parameters.AddWithValue(Start);
            await fill.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await under.RunAsync("vacuum analyze address_history");
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
            connection.Define("block_key", static number => Cidr.Containing(IpAddress.Parse("10.0.0.0").Plus(uint.Parse(number, CultureInfo.InvariantCulture)), 26).Key());
            connection.Run("PRAGMA synchronous = OFF");
            connection.Run("PRAGMA cache_size = -2000000");
            connection.RunScript(FormattableString.Invariant(
                $"""
                BEGIN;
                WITH RECURSIVE number (ip) AS (SELECT 0 UNION ALL SELECT ip + 1 FROM number WHERE ip < {Addresses - 1}),
                     turn (turn) AS (SELECT 0 UNION ALL SELECT turn + 1 FROM turn WHERE turn < {(Rows - 1) / Addresses}),
                     holder (n) AS (SELECT turn * {Addresses} + ip FROM number CROSS JOIN turn WHERE turn * {Addresses} + ip < {Rows})
                INSERT INTO address_history (ip, place, block, generation, handle, owner, attributes, since, pool, released_at, why)
                SELECT ip_key(n % {Addresses}), n / {Addresses} + 1, block_key(n % {Addresses}), n / {Addresses} + 1, printf('k8s-pod-network.%012d', n % 4096),
                       'host:rack-' || (n % 512), json_object('pod', 'web'), {Start.UtcTicks} + n / {Addresses} * 6000000000 + n % {Addresses} % 599 * 10000000, printf('00000000-0000-4000-8000-%012d', n % 16),
                       {Start.UtcTicks} + (n / {Addresses} + 1) * 6000000000 + n % {Addresses} % 599 * 10000000, 'released'
                  FROM holder;
                COMMIT;
                """));
        }

        await using var journal = await folder.OpenAsync();
        await MeasureAsync("SQLite", journal);
    }

    /// <summary>Each question is asked with times and holders at random: of one instant, and of an hour.</summary>
    private static async Task MeasureAsync(string storage, IPastViews past)
    {
        foreach (var (wide, length) in ((string, TimeSpan)[])[("an instant", TimeSpan.FromMicroseconds(1)), ("an hour", TimeSpan.FromHours(1))])
        {
            HoldingFilter During(DateTimeOffset at) => new() { From = at, To = at + length };
            await MeasureAsync($"{storage}, address, {wide}", async (number, at) => (await past.HoldingsAsync(During(at) with { Ip = IpOf(number) }, CancellationToken.None)).Items.Length);
            await MeasureAsync($"{storage}, handle, {wide}", async (number, at) => (await past.HoldingsAsync(During(at) with { Handle = HandleOf(number) }, CancellationToken.None)).Items.Length);
            await MeasureAsync($"{storage}, host, {wide}", async (number, at) => (await past.HoldingsAsync(During(at) with { Holder = HostOf(number) }, CancellationToken.None)).Items.Length);
            await MeasureAsync($"{storage}, pool, {wide}", async (number, at) => (await past.HoldingsAsync(During(at) with { Pool = PoolOf(number) }, CancellationToken.None)).Items.Length);
            await MeasureAsync($"{storage}, everything, {wide}", async (_, at) => (await past.HoldingsAsync(During(at), CancellationToken.None)).Items.Length);
        }

        await MeasureAsync($"{storage}, address as of", async (number, at) => await past.AddressAtAsync(IpOf(number), at, CancellationToken.None) is null ? 0 : 1);
        await MeasureAsync($"{storage}, handle as of", async (number, at) => (await past.FindAddressesAtAsync(new() { Handle = HandleOf(number) }, at, CancellationToken.None)).Items.Length);
        await MeasureAsync($"{storage}, host as of", async (number, at) => (await past.FindAddressesAtAsync(new() { Holder = HostOf(number) }, at, CancellationToken.None)).Items.Length);
    }

    private static async Task MeasureAsync(string what, Func<int, DateTimeOffset, Task<int>> ask)
    {
        var dice = new Programs.Dice(1);
        var turns = Math.Max(1, (int)(Rows / Addresses) - 1);
        var (taken, answered) = (new List<double>(Questions), 0L);
        for (var question = -20; question < Questions && (question < 20 || taken.Sum() < MostMilliseconds); question++)
        {
            var (number, at) = (dice.Below(Addresses), Start + ((1 + dice.Below(turns)) * TimeSpan.FromMinutes(10)) + TimeSpan.FromMinutes(4));
            var began = Stopwatch.GetTimestamp();
            var found = await ask(number, at);
            if (question >= 0)
            {
                taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                answered += found;
            }

            Assert.True(found > 0, $"{what}: nobody at {at:O}");
        }

        taken.Sort();
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{what}, {Rows} rows: p50 {taken[taken.Count / 2]:0.000} ms, p99 {taken[taken.Count * 99 / 100]:0.000} ms, longest {taken[^1]:0.000} ms, {answered / taken.Count} holders an answer, {taken.Count} questions\n");
        TestContext.Current.SendDiagnosticMessage("{0}", line);
        await File.AppendAllTextAsync(Environment.GetEnvironmentVariable("PAST_REPORT") ?? "past-report.txt", line, CancellationToken.None);
    }

    private static IpAddress IpOf(int number) => IpAddress.Parse("10.0.0.0").Plus((uint)number);

    private static string HandleOf(int number) => string.Create(CultureInfo.InvariantCulture, $"k8s-pod-network.{number % 4096:000000000000}");

    private static Owner HostOf(int number) => Owner.Host(string.Create(CultureInfo.InvariantCulture, $"rack-{number % 512}"));

    private static string PoolOf(int number) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{number % 16:000000000000}");
}
