using ActorIpam.EventSourcing;
using ActorIpam.JournalContract.Contracts;
using ActorIpam.Storage;
using ActorIpam.Storage.Sqlite;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Sqlite;

/// <summary>Who may open the file, and what is still in it afterwards.</summary>
public sealed class SqliteFile : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_written_is_there_after_reopening()
    {
        var unit = Unit(Append(Block, Head.None)) with { Views = [Held("10.0.0.1")] };
        await using (var journal = await _folder.OpenAsync())
        {
            (await journal.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.Won>();
        }

        await using var again = await _folder.OpenAsync();

        (await again.AppendAsync([unit]))[0].ShouldBeOfType<Outcome.AlreadyMine>();
        (await again.AddressAsync(Ip("10.0.0.1"), TestContext.Current.CancellationToken))!.Ip.ShouldBe(Ip("10.0.0.1"));
    }

    [Fact]
    public async Task A_journal_that_is_open_is_refused_to_others_until_it_is_closed()
    {
        await using (await _folder.OpenAsync())
        {
            (await Should.ThrowAsync<StorageInUseException>(() => _folder.OpenAsync())).Message.ShouldContain("in use by another process");
        }

        await using var again = await _folder.OpenAsync();
    }

    [Fact]
    public async Task A_new_journal_is_readable_by_its_owner_only()
    {
        await using var journal = await _folder.OpenAsync();
        await journal.AppendAsync([Unit(Append(Block, Head.None))]);

        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Files have no such modes there.");
            return;
        }

        var files = Directory.GetFiles(Path.GetDirectoryName(_folder.Database)!, Path.GetFileName(_folder.Database) + "*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).ToList();
        files.Count.ShouldBe(3, "the database, its log and the log's index");
        files.Select(ModeOf).ShouldAllBe(mode => mode == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task A_schema_of_a_newer_release_is_refused_and_left_alone()
    {
        await using (await _folder.OpenAsync())
        {
        }

        SetVersion(99);
        (await Should.ThrowAsync<StorageUnreadableException>(() => _folder.OpenAsync())).Message.ShouldContain("schema 99");
        SetVersion(1);
        await using var again = await _folder.OpenAsync();
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Database)!);
        await File.WriteAllTextAsync(_folder.Database, new string('x', 5_000), TestContext.Current.CancellationToken);

        await Should.ThrowAsync<IOException>(() => _folder.OpenAsync());
    }

    // Byte 60 of a database file is its user_version, big-endian.
    private void SetVersion(byte version)
    {
        using var file = File.OpenWrite(_folder.Database);
        file.Position = 63;
        file.WriteByte(version);
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static UnixFileMode ModeOf(string file) => File.GetUnixFileMode(file);
}
