using ActorIpam.Domain.Access;
using ActorIpam.Domain.Resources;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.JournalContract.Postgres;
using ActorIpam.JournalContract.Programs;
using ActorIpam.JournalContract.Sqlite;
using ActorIpam.Storage.Postgres;
using ActorIpam.Storage.Sqlite;
using Shouldly;
using Xunit;

namespace ActorIpam.JournalContract.Past;

/// <summary>What an earlier release wrote only into its journal stands in the histories after the tables were raised, as if it had been written at once.</summary>
public sealed class RaisedHistory
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PostgreSQL()
    {
        await using var under = await PostgresSource.NewAsync();
        await PlayAsync(under);
        var told = await TellAsync(((IJournalUnderTest)under).Past);
        await under.RunAsync(EarlierTables.Postgres);

        await using var raised = await PostgresJournal.OpenAsync(under.ConnectionString, under.Options, TimeProvider.System);

        (await TellAsync(raised)).ShouldBe(told);
    }

    [Fact]
    public async Task SQLite()
    {
        using var folder = new ScratchFolder();
        string told;
        await using (var journal = await folder.OpenAsync())
        {
            await PlayAsync(new OfFile(journal));
            told = await TellAsync(journal);
        }

        using (var connection = SqliteConnection.Open(folder.Database, new()))
        {
            connection.RunScript(EarlierTables.Sqlite);
        }

        await using var raised = await folder.OpenAsync();

        (await TellAsync(raised)).ShouldBe(told);
    }

    /// <summary>Claims, gives back, orphans, splits; creates, changes and deletes resources.</summary>
    internal static async Task PlayAsync(IJournalUnderTest under)
    {
        await using var world = new PastWorld(under, new(3));
        var door = world.Door;
        await door.CreateAsync(new IpPool(new("web"), new() { Cidr = "10.0.0.0/26", BlockSize = 29 }), dryRun: false, Cancellation);
        await door.CreateAsync(new Node(new("a"), new()), dryRun: false, Cancellation);
        await door.CreateAsync(new Node(new("b"), new()), dryRun: false, Cancellation);
        await StepAsync(world, door.AssignAsync(new() { Host = "a", Handle = "web-1", Ipv4 = 12 }, Cancellation));
        await StepAsync(world, door.AssignAsync(new() { Host = "b", Handle = "web-2", Ipv4 = 9 }, Cancellation));
        await StepAsync(world, door.DeleteAsync(ResourceKind.Node, "a", null, dryRun: false, Cancellation));
        await StepAsync(world, door.SplitAsync(new() { Pool = "web", Parts = 2 }, Cancellation));
        await StepAsync(world, door.SplitAsync(new() { Pool = "web", Parts = 2 }, Cancellation));
        await StepAsync(world, door.ReleaseHandleAsync(new() { Handle = "web-1" }, Cancellation));
        await StepAsync(world, door.ReleaseHandleAsync(new() { Handle = "web-2" }, Cancellation));
        await StepAsync(world, door.ReleaseHostAffinitiesAsync("b", mustBeEmpty: true, Cancellation));
        await StepAsync(world, door.AssignAsync(new() { Host = "b", Handle = "web-3", Ipv4 = 3 }, Cancellation));
        await StepAsync(world, door.CreateAsync(new Node(new("a"), new()), dryRun: false, Cancellation));
    }

    private static async Task StepAsync(PastWorld world, Task step)
    {
        await step;
        world.Clock.Now += TimeSpan.FromSeconds(5);
    }

    internal static async Task<string> TellAsync(IPastViews past)
    {
        var lines = new List<string>();
        foreach (var block in Enumerable.Range(0, 8).Select(static number => Domain.Addressing.Cidr.Parse($"10.0.0.{number * 8}/29")))
        {
            lines.AddRange((await past.BlockHistoryAsync(block, 0, 100, Cancellation)).Items.Select(Rendering.Render));
        }

        lines.Count.ShouldBeGreaterThan(6);
        foreach (var (kind, name) in ((string, string)[])[("IPPool", "web"), ("IPPool", "split-web-0"), ("IPPool", "split-web-1"), ("Node", "a"), ("Node", "b")])
        {
            var rows = (await past.ResourceHistoryAsync(kind, name, 0, 100, Cancellation)).Items;
            rows.ShouldNotBeEmpty($"{kind} {name}");
            // The text of a body may be written otherwise; it says the same.
            lines.AddRange(rows.Select(static row => Rendering.Render(row with { Row = row.Row with { Body = System.Text.Json.Nodes.JsonNode.Parse(row.Row.Body)!.ToJsonString() } })));
        }

        return string.Join('\n', lines);
    }

    internal sealed class OfFile(SqliteJournal journal) : IJournalUnderTest
    {
        public IJournal Journal => journal;

        public IViews Views => journal;

        public ITokens Tokens => journal.Tokens;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
