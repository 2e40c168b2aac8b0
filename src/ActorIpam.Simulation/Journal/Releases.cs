using System.Collections.Immutable;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Journal;

/// <summary>The releases of the program that members of a world run, by their protocol numbers, and what an older one cannot read of what a newer one wrote.</summary>
/// <remarks>A release reads what the next one writes (protocol.md §6): what it cannot read was written by the one after that.</remarks>
/// <param name="newEvents">The type names of events that are written anew by a release two numbers later; none for a world of one release.</param>
public sealed class Releases(ImmutableArray<string> newEvents)
{
    private readonly Dictionary<CommitId, int> _writers = [];
    private readonly List<(long Instant, Unit Unit)> _questions = [];
    private readonly List<Joined> _joined = [];
    private readonly List<Heard> _heard = [];

    /// <summary>Every member runs the same.</summary>
    public static Releases One { get; } = new([]);

    public bool AreSeveral => !newEvents.IsEmpty;

    /// <summary>Units that wrote nothing and were won: answers rest on them too.</summary>
    public IReadOnlyList<(long Instant, Unit Unit)> Questions => _questions;

    /// <summary>Every process that joined the others, in order.</summary>
    public IReadOnlyList<Joined> Processes => _joined;

    /// <summary>Every call that a member served for another, in order.</summary>
    public IReadOnlyList<Heard> Calls => _heard;

    /// <summary>The number of the member that decided a unit.</summary>
    public int WriterOf(CommitId commit) => _writers.GetValueOrDefault(commit);

    /// <summary>Whether a release understands events that a later one wrote.</summary>
    public bool CanRead(int reader, CommitId commit, string events) =>
        WriterOf(commit) - reader < 2 || !newEvents.Any(name => events.Contains($"\"type\":\"{name}\"", StringComparison.Ordinal));

    /// <summary>A member of this number sends a batch.</summary>
    public void Sent(ImmutableArray<Unit> batch, int number)
    {
        if (AreSeveral)
        {
            foreach (var unit in batch)
            {
                _writers[unit.Commit] = number;
            }
        }
    }

    /// <summary>A unit that writes nothing was won.</summary>
    public void Asked(long instant, Unit question)
    {
        if (AreSeveral)
        {
            _questions.Add((instant, question));
        }
    }

    /// <summary>A process took its place.</summary>
    public void Join(Joined process)
    {
        if (AreSeveral)
        {
            _joined.Add(process);
        }
    }

    /// <summary>A member did what another asked.</summary>
    public void Served(Heard call)
    {
        if (AreSeveral)
        {
            _heard.Add(call);
        }
    }

    /// <summary>What a member of this number sees of rows that the store gave it.</summary>
    public StreamTail Seen(StreamTail tail, int number, FaultReport report, Lane lane)
    {
        if (!AreSeveral || tail.Rows.All(row => CanRead(number, row.Commit, row.Events)))
        {
            return tail;
        }

        lane.Tell($"{Fault.NewerEvent} for number {number}");
        report.Hit(Reads.Tail, Fault.NewerEvent);
        return tail with { Rows = [.. tail.Rows.Select(row => CanRead(number, row.Commit, row.Events) ? row : row with { Events = Renamed(row.Events) })] };
    }

    private string Renamed(string events) => newEvents.Aggregate(events, static (text, name) => text.Replace($"\"type\":\"{name}\"", $"\"type\":\"Later{name}\"", StringComparison.Ordinal));
}

/// <summary>A process took its place among the others.</summary>
/// <param name="Instant">When.</param>
/// <param name="Name">Its name.</param>
/// <param name="Number">The protocol number it speaks.</param>
/// <param name="Rows">The table of members as it was then.</param>
public sealed record Joined(long Instant, string Name, int Number, ImmutableArray<MemberRow> Rows);

/// <summary>A member did what another asked.</summary>
/// <param name="Instant">When it had done so.</param>
/// <param name="Call">What was asked.</param>
/// <param name="From">Who asked.</param>
/// <param name="Spoken">The protocol number of who asked.</param>
/// <param name="To">Who did it.</param>
/// <param name="Understood">The protocol number of who did it.</param>
public sealed record Heard(long Instant, string Call, string From, int Spoken, string To, int Understood);
