using System.Collections.Immutable;
using ActorIpam.Domain.Views;
using ActorIpam.Engine.InMemory;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Histories;

/// <summary>Everything that was asked and answered, and everything that became true: what the laws are judged on.</summary>
/// <param name="Exchanges">In the order of asking.</param>
/// <param name="Commits">In the order of writing.</param>
/// <param name="Settled">Faults are over and every client has its answers: what holds only in the end can be judged.</param>
public sealed record History(IReadOnlyList<Exchange> Exchanges, IReadOnlyList<Commit> Commits, bool Settled)
{
    /// <summary>Virtual time at the end of the world.</summary>
    public DateTimeOffset Ended { get; init; } = DateTimeOffset.MinValue;

    /// <summary>When the store went back to an older state, or 0: what was answered before may be lost, all laws hold from here on.</summary>
    public long Since { get; init; }

    /// <summary>What was answered before <see cref="Since"/>, or rested on what was.</summary>
    public IReadOnlyList<Exchange> Earlier { get; init; } = [];

    /// <summary>What had become true and was forgotten when a backup was restored.</summary>
    public IReadOnlyList<Commit> Lost { get; init; } = [];

    /// <summary>What members could read for a while, and the standby that took over did not have. No answer that waits for a commit may rest on it.</summary>
    public IReadOnlyList<Shown> Shown { get; init; } = [];

    /// <summary>The releases that members ran.</summary>
    public Releases Releases { get; init; } = Releases.One;

    /// <summary>The ids of requests that one member forwarded once and the other got twice.</summary>
    public IReadOnlySet<string> Doubled { get; init; } = ImmutableHashSet<string>.Empty;

    /// <summary>What was stored in the end.</summary>
    public JournalState Final => Commits.Count == 0 ? JournalState.Empty : Commits[^1].After;

    /// <summary>The same as clients know it who have given up waiting: whether an attempt without an answer reached anybody, or is over, they cannot tell.</summary>
    public History AsAsked() => this with
    {
        Exchanges = [.. Exchanges.Select(Unknown)],
        Earlier = [.. Earlier.Select(Unknown)],
    };

    private static Exchange Unknown(Exchange exchange) => exchange.ReachedNobody || exchange.Declined != Exchange.Never ? exchange with { ReachedNobody = false, Declined = Exchange.Never } : exchange;

    /// <summary>Every state that was the present one at some instant from the first to the last, both included.</summary>
    public IEnumerable<JournalState> StatesBetween(long first, long last)
    {
        var before = JournalState.Empty;
        foreach (var commit in Commits)
        {
            if (commit.Instant > last)
            {
                break;
            }

            if (commit.Instant > first)
            {
                yield return before;
            }

            before = commit.After;
        }

        yield return before;
    }

    /// <summary>
    /// As <see cref="StatesBetween"/>, and for each unit that also frees addresses the state in which it had given and not yet freed:
    /// the commands of a turn happen one after the other, though they become true together.
    /// </summary>
    public IEnumerable<JournalState> StatesWithinTurnsBetween(long first, long last)
    {
        var before = JournalState.Empty;
        foreach (var commit in Commits.TakeWhile(commit => commit.Instant <= last))
        {
            var freed = commit.Changes<IpamViewChange.AddressFreed>().Select(change => change.Ip).Where(before.Addresses.ContainsKey).ToList();
            if (commit.Instant > first && freed.Count > 0)
            {
                yield return commit.After with { Addresses = commit.After.Addresses.SetItems(freed.Select(ip => KeyValuePair.Create(ip, before.Addresses[ip]))) };
            }

            before = commit.After;
        }

        foreach (var state in StatesBetween(first, last))
        {
            yield return state;
        }
    }
}
