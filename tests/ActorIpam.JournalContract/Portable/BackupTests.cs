using ActorIpam.Engine;
using ActorIpam.Engine.Checking;
using ActorIpam.Engine.Recovering;
using ActorIpam.JournalContract.Members;
using ActorIpam.Storage.Portable;
using ActorIpam.Storage.Sqlite;
using Shouldly;
using Xunit;

namespace ActorIpam.JournalContract.Portable;

/// <summary>A journal of either kind is backed up while its member works, and restored into either kind: replayed it is sound, and row by row it is what was backed up.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("backups-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder.FullName, "journal.backup");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [CombinatorialKinds]
    public async Task A_backup_under_load_is_one_instant_and_restores_to_either_kind(StorageKind from, StorageKind into)
    {
        await using var origin = await Place.NewAsync(from);
        await using var target = await Place.NewAsync(into);
        await using (var busy = await BusyMember.StartAsync(origin, Cancellation))
        {
            await busy.WorksAsync(200, Cancellation);
            var before = busy.Done;
            await new JournalBackup(TimeProvider.System, null).WriteAsync(origin.Journal, File, Cancellation);
            await busy.WorksAsync(50, Cancellation);
            busy.Done.ShouldBeGreaterThan(before, "the member was not stopped by the backup");
        }

        await RestoreAsync(target);
        var (backedUp, restored) = (await RowsOfAsync(File), await target.RowsAsync(Cancellation));
        restored.Except(backedUp).Select(static row => row.Split(',')[0]).ShouldBe(["stream [\"catalog\"", "stream [\"policy\"", "journal [\"catalog\""], "what a restore adds");
        backedUp.Except(restored).Select(static row => row.Split(',')[0]).ShouldBe(["stream [\"catalog\"", "stream [\"policy\""]);
        backedUp.Count.ShouldBeLessThan((await origin.RowsAsync(Cancellation)).Count, "the origin went on");
        Directory.GetFiles(_folder.FullName).ShouldBe([File], "nothing is left beside it");
    }

    [Theory]
    [InlineData(StorageKind.Sqlite)]
    [InlineData(StorageKind.Postgres)]
    public async Task A_restored_journal_assigns_nothing_before_it_is_told_to(StorageKind kind)
    {
        await using var origin = await Place.NewAsync(StorageKind.Sqlite);
        await using var target = await Place.NewAsync(kind);
        await BackUpAsync(origin);
        await RestoreAsync(target);

        await using var open = await target.OpenAsync();
        await using var member = Member.Start(new(open.Journal, open.Views, TimeProvider.System, new SomeMembers.Chance()), new() { Name = "m1" });
        (await member.Door.AssignAsync(new() { Host = "host-0", Handle = "new", Use = "Workload", Ipv4 = 1 }, Cancellation)).Refusals[0].Code.ShouldBe(Domain.RefusalCode.Recovering);
        (await member.Door.Recovery.ShowAsync(Cancellation)).Value.Waiting.Length.ShouldBe(4);
        (await member.Door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StorageKind.Sqlite)]
    [InlineData(StorageKind.Postgres)]
    public async Task A_journal_that_is_not_empty_is_never_restored_over(StorageKind kind)
    {
        await using var origin = await Place.NewAsync(kind);
        await BackUpAsync(origin);
        var before = await origin.RowsAsync(Cancellation);

        (await Should.ThrowAsync<CareException>(() => RestoreAsync(origin))).Message.ShouldContain("not empty");
        (await origin.RowsAsync(Cancellation)).ShouldBe(before);
    }

    [Fact]
    public async Task A_backup_is_never_written_over_another()
    {
        await using var origin = await Place.NewAsync(StorageKind.Sqlite);
        await BackUpAsync(origin);
        (await Should.ThrowAsync<CareException>(() => new JournalBackup(TimeProvider.System, null).WriteAsync(origin.Journal, File, Cancellation))).Message.ShouldContain("there already");
    }

    [Theory]
    [InlineData(StorageKind.Sqlite)]
    [InlineData(StorageKind.Postgres)]
    public async Task A_file_that_was_cut_off_or_changed_anywhere_is_refused_and_leaves_nothing(StorageKind kind)
    {
        await using var origin = await Place.NewAsync(StorageKind.Sqlite);
        await using var target = await Place.NewAsync(kind);
        await BackUpAsync(origin);
        var whole = await System.IO.File.ReadAllBytesAsync(File, Cancellation);
        for (var part = 0; part < 12; part++)
        {
            await System.IO.File.WriteAllBytesAsync(File, whole[..(whole.Length * part / 12)], Cancellation);
            (await Should.ThrowAsync<CareException>(() => RestoreAsync(target))).Message.ShouldContain("no backup that can be used");

            var changed = whole.ToArray();
            changed[16 + ((whole.Length - 17) * part / 12)] ^= 1;
            await System.IO.File.WriteAllBytesAsync(File, changed, Cancellation);
            (await Should.ThrowAsync<CareException>(() => RestoreAsync(target))).Message.ShouldContain("Nothing was written");
        }

        await System.IO.File.WriteAllBytesAsync(File, whole, Cancellation);
        await RestoreAsync(target);
    }

    /// <summary>The compression has checks of its own; what is packed again has them right, and the digest must notice.</summary>
    [Fact]
    public async Task A_row_that_was_edited_is_refused()
    {
        await using var origin = await Place.NewAsync(StorageKind.Sqlite);
        await using var target = await Place.NewAsync(StorageKind.Sqlite);
        await BackUpAsync(origin);
        var lines = await PackedText.ReadAsync(File, Cancellation);
        await PackedText.WriteAsync(File, lines.Replace("\"host:host-1\"", "\"host:host-2\"", StringComparison.Ordinal), Cancellation);
        (await Should.ThrowAsync<CareException>(() => RestoreAsync(target))).Message.ShouldContain("digest");
    }

    [Fact]
    public async Task A_journal_whose_views_do_not_fit_its_streams_is_not_restored_unasked()
    {
        await using var origin = await Place.NewAsync(StorageKind.Postgres);
        await using var target = await Place.NewAsync(StorageKind.Sqlite);
        await BackUpAsync(origin, damage: "update block set free = free - 1, assigned = assigned + 1");
        (await Should.ThrowAsync<CareException>(() => RestoreAsync(target))).Message.ShouldContain("problems");
    }

    [Fact]
    public async Task A_restore_that_ends_half_way_leaves_no_journal_and_can_be_begun_anew()
    {
        await using var origin = await Place.NewAsync(StorageKind.Sqlite);
        foreach (var kind in Enum.GetValues<StorageKind>())
        {
            await using var target = await Place.NewAsync(kind);
            await BackUpAsync(origin);
            await Should.ThrowAsync<OperationCanceledException>(() => new JournalRestore(TimeProvider.System, null).RunAsync(
                File, target.Journal, (_, _) => throw new OperationCanceledException(), Begin, Cancellation));
            if (target.Journal is JournalPlace.Sqlite sqlite)
            {
                System.IO.File.Exists(sqlite.File).ShouldBeFalse();
            }
            else
            {
                (await target.RowsAsync(Cancellation)).ShouldBeEmpty();
            }

            await RestoreAsync(target);
            System.IO.File.Delete(File);
        }
    }

    private async Task BackUpAsync(Place origin, string? damage = null)
    {
        await using (var busy = await BusyMember.StartAsync(origin, Cancellation))
        {
            await busy.WorksAsync(60, Cancellation);
        }

        if (damage is not null)
        {
            await origin.RunAsync(damage);
        }

        await new JournalBackup(TimeProvider.System, null).WriteAsync(origin.Journal, File, Cancellation);
    }

    private Task<BackupFacts> RestoreAsync(Place target) => new JournalRestore(TimeProvider.System, null).RunAsync(File, target.Journal, JudgeAsync, Begin, Cancellation);

    private static async Task JudgeAsync(SqliteJournal journal, CancellationToken cancellation)
    {
        var report = await JournalCheck.RunAsync(new(journal, journal, TimeProvider.System, new SomeMembers.Chance()) { Streams = journal, Past = journal }, null, cancellation);
        if (!report.Problems.IsEmpty)
        {
            throw new CareException($"{report.Problems.Length} problems: {report.Problems[0]}");
        }
    }

    private static FirstStep Begin(DateTimeOffset takenAt)
    {
        var (schema, events) = IpamRecovery.Beginning(takenAt, takenAt);
        return new(Streams.Catalog.Value, Streams.Policy.Value, Guid.NewGuid(), takenAt, schema, events);
    }

    private static async Task<List<string>> RowsOfAsync(string file)
    {
        await using var backup = await BackupReader.OpenAsync(file, Cancellation);
        var rows = new List<string>();
        await foreach (var row in backup.RowsAsync(Cancellation))
        {
            rows.Add($"{row.Table.Name} {RowText.Of(row)}");
        }

        return rows;
    }
}
