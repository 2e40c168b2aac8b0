using ActorIpam.Domain.Access;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;

namespace ActorIpam.JournalContract;

/// <summary>One journal with its views, empty when it is opened and gone when it is disposed.</summary>
public interface IJournalUnderTest : IAsyncDisposable
{
    IJournal Journal { get; }

    IViews Views { get; }

    /// <summary>The tokens that are kept beside it.</summary>
    ITokens Tokens { get; }

    /// <summary>Every journal of ours also answers what sweepers ask.</summary>
    IDueViews Due => (IDueViews)Journal;

    /// <summary>And can be kept short.</summary>
    IJournalUpkeep Upkeep => (IJournalUpkeep)Journal;

    /// <summary>And shows its streams.</summary>
    IStreamBrowser Streams => (IStreamBrowser)Journal;

    /// <summary>And what was.</summary>
    IPastViews Past => (IPastViews)Journal;
}

/// <summary>Where a contract gets its journals from. To hold another journal to the contract, write one of these and a subclass a contract.</summary>
public interface IJournalSource
{
    /// <summary>An empty journal that nobody else uses.</summary>
    Task<IJournalUnderTest> OpenAsync();
}
