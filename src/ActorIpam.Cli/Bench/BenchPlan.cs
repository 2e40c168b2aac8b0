using ActorIpam.Domain.Addressing;

namespace ActorIpam.Cli.Bench;

/// <summary>What clients do.</summary>
internal enum Workload
{
    /// <summary>Assigns one address after the other, over all hosts in turn.</summary>
    Assign,

    /// <summary>The same on one host.</summary>
    OneHost,

    /// <summary>Assigns until the pool's last address, most of it in other hosts' blocks; releases all, and begins again.</summary>
    Borrow,

    /// <summary>Releases by handle what was assigned before.</summary>
    Release,

    /// <summary>The same, as final releases.</summary>
    ReleaseFinal,

    /// <summary>Assigns and releases by chance.</summary>
    Mixed,
}

/// <summary>Which member a client asks.</summary>
internal enum Route
{
    /// <summary>Each client keeps to one member.</summary>
    Any,

    /// <summary>The member that owns the host.</summary>
    Owner,
}

/// <summary>One measurement.</summary>
/// <param name="Work">What clients do.</param>
/// <param name="Hosts">Over how many hosts.</param>
/// <param name="Clients">How many, each with one request at a time.</param>
/// <param name="Pool">The range of the pool that is made for it.</param>
/// <param name="BlockSize">The prefix length of its blocks.</param>
/// <param name="Duration">How long it is measured.</param>
/// <param name="WarmUp">How long the same goes on before.</param>
/// <param name="Route">Which member is asked.</param>
/// <param name="Most">At most so many addresses are held at once.</param>
/// <param name="UntilHeld">Nothing is released, and it goes on until so many are held, however long that takes; 0 to stop by the clock.</param>
internal sealed record BenchPlan(
    Workload Work, int Hosts, int Clients, Cidr Pool, int BlockSize, TimeSpan Duration, TimeSpan WarmUp, Route Route, int Most, int UntilHeld)
{
    /// <summary>Tells apart what several runs leave and make.</summary>
    public string Name { get; } = "bench-" + Guid.NewGuid().ToString("N")[..8];

    public string Host(int number) => FormattableString.Invariant($"{Name}-{number % Hosts}");
}
