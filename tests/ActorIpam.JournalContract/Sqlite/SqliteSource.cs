using ActorIpam.Domain.Access;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Storage.Sqlite;

namespace ActorIpam.JournalContract.Sqlite;

/// <summary>Journals in files of their own, deleted behind the test.</summary>
public sealed class SqliteSource : IJournalSource
{
    public async Task<IJournalUnderTest> OpenAsync()
    {
        var folder = new ScratchFolder();
        return new UnderTest(folder, await folder.OpenAsync());
    }

    private sealed class UnderTest(ScratchFolder folder, SqliteJournal journal) : IJournalUnderTest
    {
        public IJournal Journal => journal;

        public IViews Views => journal;

        public ITokens Tokens => journal.Tokens;

        public async ValueTask DisposeAsync()
        {
            await journal.DisposeAsync();
            folder.Dispose();
        }
    }
}

/// <summary>A folder with one journal in it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("journal-contract-");

    /// <summary>In a folder that is not there yet.</summary>
    public string Database => Path.Combine(_folder.FullName, "deep", "journal.db");

    public Task<SqliteJournal> OpenAsync(SqliteOptions? options = null) =>
        SqliteJournal.OpenAsync(Database, options ?? new(), TimeProvider.System);

    public void Dispose() => _folder.Delete(recursive: true);
}
