using System.Collections.Immutable;
using ActorIpam.Chaos.Net;

namespace ActorIpam.Chaos.Nodes;

/// <summary>Where the members of the run keep their journal.</summary>
internal interface IDatabase : IAsyncDisposable
{
    /// <summary>The machines it runs on.</summary>
    ImmutableArray<Place> Places { get; }

    /// <summary>What members are started with.</summary>
    string ConnectionString { get; }

    /// <summary>Whether another server takes over when the primary is gone.</summary>
    bool FailsOver { get; }

    /// <summary>kill -9 of the server that takes writes; returns the place it was on.</summary>
    Task<Place> KillPrimaryAsync();

    /// <summary>Restarts the server that takes writes, as for a change of its settings: it ends its sessions and comes back where it was.</summary>
    Task RestartAsync();

    /// <summary>Brings back what was killed, if nobody else does.</summary>
    Task RepairAsync();

    /// <summary>Ends every connection of members, in the middle of whatever they do.</summary>
    /// <returns>How many there were.</returns>
    Task<int> CutConnectionsAsync();

    /// <summary>Returns when the database takes writes.</summary>
    Task WritableAsync();

    /// <summary>Runs a query on the server that takes writes, from within its own machine, and returns its rows, columns parted by tabs.</summary>
    Task<string> QueryAsync(string sql);

    /// <summary>The rows of a <c>copy … to stdout</c>, columns parted by tabs, as they come: they may be more than fit into one text.</summary>
    /// <exception cref="InvalidOperationException">The server refused it, or fell silent.</exception>
    IAsyncEnumerable<string> RowsAsync(string sql);
}
