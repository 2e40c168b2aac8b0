using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Domain.Access;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Storage.Sqlite;

namespace ActorIpam.JournalContract.Sqlite;

/// <summary>A journal in a file of its own and a way behind its back, with the functions that make keys out of texts.</summary>
internal sealed class OpenFile(ScratchFolder folder, SqliteJournal journal) : IJournalUnderTest
{
    public IJournal Journal => journal;

    public IViews Views => journal;

    public ITokens Tokens => journal.Tokens;

    public void Run(string sql)
    {
        using var connection = SqliteConnection.Open(folder.Database, new(), "busy_timeout = 5000");
        connection.Define("ip_key", static text => IpAddress.Parse(text).Key());
        connection.Define("cidr_key", static text => Cidr.Parse(text).Key());
        connection.Define("grant_key", static text => SqliteKeys.Pack((ImmutableArray<Grant>)[new(IpAddress.Parse(text.Split(' ')[0]), long.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture))]));
        connection.RunScript(sql);
    }

    public async ValueTask DisposeAsync()
    {
        await journal.DisposeAsync();
        folder.Dispose();
    }
}
