using ActorIpam.Domain.Access;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;
using ActorIpam.Server.Options;
using ActorIpam.Storage;
using ActorIpam.Storage.Postgres;
using ActorIpam.Storage.Sqlite;

namespace ActorIpam.Server.Hosting;

/// <summary>The journal a member was told to write, with the views in it.</summary>
internal sealed class OpenJournal : IAsyncDisposable
{
    private readonly object _opened;

    private OpenJournal(IJournal journal, IViews views, IDueViews due, IPastViews past, ITokens tokens)
    {
        Tokens = tokens;
        _opened = journal;
        Journal = journal;
        Views = views;
        Due = due;
        Past = past;
    }

    public IJournal Journal { get; }

    public IViews Views { get; }

    public IDueViews Due { get; }

    public IJournalUpkeep Upkeep => (IJournalUpkeep)_opened;

    /// <summary>The streams as operators, checks and explanations read them.</summary>
    public IStreamBrowser Streams => (IStreamBrowser)_opened;

    /// <summary>The member table beside it; null for a journal that one member has alone.</summary>
    public PostgresMemberTable? Members { get; private init; }

    public ITokens Tokens { get; }

    public IPastViews Past { get; }

    /// <summary>What the operator must be told at start; null for nothing.</summary>
    public string? Warning { get; private init; }

    /// <exception cref="CannotStartException">It cannot be opened, or another process has it.</exception>
    public static async Task<OpenJournal> OpenAsync(JournalChoice choice, TimeProvider time)
    {
        switch (choice)
        {
            case JournalChoice.Sqlite sqlite:
                var file = await OpenSqliteAsync(sqlite, time);
                return new(file, file, file, file, file.Tokens);
            case JournalChoice.Memory:
                var memory = new MemoryJournal();
                return new(memory, memory, memory, memory, new MemoryTokens());
            case JournalChoice.Postgres postgres:
                var database = await OpenPostgresAsync(postgres, time);
                return new(database, database, database, database, database.Tokens)
                {
                    Warning = database.Warning,
                    Members = PostgresMemberTable.Open(postgres.ConnectionString, new()),
                };
            default:
                throw new InvalidOperationException($"{choice.GetType().Name} is opened nowhere.");
        }
    }

    /// <summary>True before the first resource was ever stored.</summary>
    public async Task<bool> IsNewAsync()
    {
        var heads = await Journal.HeadsAsync([new("catalog")], CancellationToken.None);
        return heads[0] == Head.None;
    }

    public async ValueTask DisposeAsync()
    {
        if (Members is { } members)
        {
            await members.DisposeAsync();
        }

        if (_opened is IAsyncDisposable opened)
        {
            await opened.DisposeAsync();
        }
    }

    private static async Task<SqliteJournal> OpenSqliteAsync(JournalChoice.Sqlite choice, TimeProvider time)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(choice.File))!);
            return await SqliteJournal.OpenAsync(choice.File, new() { MaxPages = choice.MaxPages }, time);
        }
        catch (Exception e) when (e is StorageInUseException or StorageUnreadableException)
        {
            throw new CannotStartException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JournalUnavailableException)
        {
            throw new CannotStartException($"The journal {choice.File} cannot be opened: {e.Message}", e);
        }
    }

    private static async Task<PostgresJournal> OpenPostgresAsync(JournalChoice.Postgres choice, TimeProvider time)
    {
        try
        {
            return await PostgresJournal.OpenAsync(choice.ConnectionString, new(), time);
        }
        catch (PostgresStartException e)
        {
            throw new CannotStartException(e.Message, e);
        }
        catch (ArgumentException e)
        {
            throw new CannotStartException("--journal postgres: needs Host=…;Username=…;Password=…;Database=…, and what was given is not that.", e);
        }
    }
}
