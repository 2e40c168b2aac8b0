namespace ActorIpam.Storage.Portable;

/// <summary>A journal whose rows are read from beginning to end, as of one instant.</summary>
internal interface IJournalOrigin : IAsyncDisposable
{
    /// <summary>What kind of storage it is: <c>sqlite</c> or <c>postgres</c>.</summary>
    string Kind { get; }

    /// <summary>The instant.</summary>
    DateTimeOffset At { get; }

    /// <summary>All rows, table by table in the order of <see cref="PortableTable.All"/>, each table in its order.</summary>
    IAsyncEnumerable<PortableRow> RowsAsync(CancellationToken cancellation);
}

/// <summary>A source that nobody writes while it is open, and that can be left for good.</summary>
internal interface IMovableOrigin : IJournalOrigin
{
    /// <summary>Where it was moved to before; null when it was not.</summary>
    ValueTask<string?> LeftForAsync(CancellationToken cancellation);

    /// <summary>Keeps every member from starting on it from now on, and refuses what one that sleeps may still send.</summary>
    /// <param name="target">Where it went, without secrets.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask LeaveAsync(string target, CancellationToken cancellation);
}

/// <summary>An empty journal that is being filled. Nobody sees any of it before <see cref="PublishAsync"/>; disposed without it, or killed, it leaves nothing.</summary>
internal interface IJournalTarget : IAsyncDisposable
{
    ValueTask WriteAsync(IAsyncEnumerable<PortableRow> rows, CancellationToken cancellation);

    /// <summary>Writes the first row of a recovery: the catalog gets an event, and the head that every decision is fenced on moves.</summary>
    ValueTask WriteAsync(FirstStep step, CancellationToken cancellation);

    /// <summary>What was written.</summary>
    IAsyncEnumerable<PortableRow> RowsAsync(CancellationToken cancellation);

    /// <summary>Makes it a journal, at once and as a whole.</summary>
    ValueTask PublishAsync(CancellationToken cancellation);
}

/// <summary>The step a journal begins with that was brought back from a backup.</summary>
/// <param name="Catalog">The stream that gets the event.</param>
/// <param name="Raised">The stream whose head moves with it.</param>
/// <param name="Commit">The id of the step. Nobody remembers it: what members remember of the journal before differs.</param>
/// <param name="At">When.</param>
/// <param name="Schema">The schema of the event.</param>
/// <param name="Events">The event.</param>
public sealed record FirstStep(string Catalog, string Raised, Guid Commit, DateTimeOffset At, int Schema, string Events)
{
    /// <summary>Who wrote it.</summary>
    public const string Member = "ipamctl restore";
}
