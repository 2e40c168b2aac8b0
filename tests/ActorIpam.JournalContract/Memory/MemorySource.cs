using ActorIpam.Domain.Access;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.InMemory;
using ActorIpam.EventSourcing;

namespace ActorIpam.JournalContract.Memory;

public sealed class MemorySource : IJournalSource
{
    public Task<IJournalUnderTest> OpenAsync() => Task.FromResult<IJournalUnderTest>(new UnderTest(new()));

    internal sealed class UnderTest(MemoryJournal memory) : IJournalUnderTest
    {
        public IJournal Journal => memory;

        public IViews Views => memory;

        public ITokens Tokens { get; } = new MemoryTokens();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
