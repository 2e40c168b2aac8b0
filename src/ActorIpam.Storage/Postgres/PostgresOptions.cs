namespace ActorIpam.Storage.Postgres;

/// <summary>Where the tables are and every bound of the PostgreSQL journal.</summary>
public sealed record PostgresOptions
{
    /// <summary>The database schema that holds the tables: lower-case letters, digits and <c>_</c>, at most 63. It is created when missing.</summary>
    public string Schema { get; init; } = "actor_ipam";

    /// <summary>Connections that append. With one, batches grow by themselves while the one before commits (1 to 16).</summary>
    public int AppendConnections { get; init; } = 1;

    /// <summary>Connections that read (1 to 100).</summary>
    public int ReadConnections { get; init; } = 8;

    /// <summary>Connections that look up handles and requests, many in one statement (1 to 16).</summary>
    public int LookUpConnections { get; init; } = 4;

    /// <summary>Connections that write and read the member table (1 to 4).</summary>
    public int MemberConnections { get; init; } = 2;

    /// <summary>How long an append may go without an answer before its connection is abandoned and the outcome is unknown.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may take to open, and a read to answer.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the server lets a statement wait for one lock.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest pause before a batch is sent again; pauses are drawn between a tenth of it and all of it.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>How often a single unit may fail with a data error before it counts as broken.</summary>
    public int DataErrors { get; init; } = 3;

    /// <summary>How often a batch is tried when the server has no space left.</summary>
    public int StorageFullTries { get; init; } = 2;
}

/// <summary>The journal cannot be opened. The message is one sentence for an operator, without secrets.</summary>
public sealed class PostgresStartException(string message, Exception? inner = null) : Exception(message, inner);
