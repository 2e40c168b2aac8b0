using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.JournalContract.Past;
using ActorIpam.Storage.Sqlite;
using Shouldly;
using Xunit;

namespace ActorIpam.JournalContract.Sqlite;

/// <summary>Files that earlier releases wrote, kept as they were: each release opens all of them, reads what is in them, and goes on.</summary>
/// <remarks>
/// A file stays for ever; the number in its name is the schema it was written under. After a change of the schema <c>UPDATE_GOLDEN=1</c> writes one more,
/// beside those that are there.
/// </remarks>
public sealed class SqliteGolden
{
    private static readonly string Folder = Path.Combine(Root(), "tests", "ActorIpam.JournalContract", "Sqlite", "Golden");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "journal-*.db").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_of_an_earlier_release_is_opened_tells_what_it_told_and_goes_on(string name)
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(folder.Database)!);
        File.Copy(Path.Combine(Folder, $"{name}.db"), folder.Database);
        await using var journal = await folder.OpenAsync();

        (await TellAsync(journal)).ShouldBe(await File.ReadAllTextAsync(Path.Combine(Folder, $"{name}.txt"), Cancellation));

        await using var world = new PastWorld(new RaisedHistory.OfFile(journal), new(4));
        (await world.Door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();
        (await world.Door.AssignAsync(new() { Host = "b", Handle = "later", Ipv4 = 2 }, Cancellation)).Value.Ipv4.Length.ShouldBe(2);
        (await world.Door.ReleaseHandleAsync(new() { Handle = "web-3" }, Cancellation)).Value.Released.Length.ShouldBe(3);
    }

    [Fact]
    public async Task The_present_schema_has_its_file()
    {
        using var folder = new ScratchFolder();
        string told;
        await using (var journal = await folder.OpenAsync())
        {
            await RaisedHistory.PlayAsync(new RaisedHistory.OfFile(journal));
            told = await TellAsync(journal);
        }

        var name = Path.Combine(Folder, $"journal-{await SchemaOfAsync(folder.Database)}");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is { Length: > 0 } && !File.Exists($"{name}.db"))
        {
            Directory.CreateDirectory(Folder);
            File.Copy(folder.Database, $"{name}.db");
            await File.WriteAllTextAsync($"{name}.txt", told, Cancellation);
        }

        File.Exists($"{name}.db").ShouldBeTrue($"Run this suite with UPDATE_GOLDEN=1: {name}.db is missing.");
    }

    /// <summary>The histories, and each row of the views.</summary>
    private static async Task<string> TellAsync(SqliteJournal journal)
    {
        var lines = new List<string> { await RaisedHistory.TellAsync(journal) };
        lines.AddRange((await journal.FindAddressesAsync(new() { Limit = 10_000 }, Cancellation)).Items.Select(Programs.Rendering.Render));
        lines.AddRange((await journal.BlocksInAsync(null, 10_000, null, Cancellation)).Select(Programs.Rendering.Render));
        foreach (var stream in await journal.StreamsAsync("", null, 10_000, Cancellation))
        {
            var tail = await journal.LoadAsync(stream.Stream, long.MaxValue, Cancellation);
            lines.AddRange(tail.Rows.Select(row => $"{stream.Stream} {Programs.Rendering.Render(row)}"));
        }

        return string.Join('\n', lines);
    }

    // Bytes 60 to 63 of a database file are its user_version, big-endian.
    private static async Task<int> SchemaOfAsync(string file) => (await File.ReadAllBytesAsync(file, Cancellation))[63];

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ActorIpam.sln")))
        {
            folder = folder.Parent ?? throw new FileNotFoundException("No folder above the tests holds ActorIpam.sln.");
        }

        return folder.FullName;
    }
}
