using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.Allocation;
using ActorIpam.Engine.Turns;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;

namespace ActorIpam.Engine.Counting;

/// <summary>What a member has done since it started: numbers that are raised where things happen, and read by whoever shows them.</summary>
/// <remarks>Only ever rising. No clock, no chance, no waiting: counting changes nothing of what is counted.</remarks>
public sealed class MemberCounts
{
    private static readonly ImmutableArray<string> Origins = [Taking.Own, Taking.Claimed, Taking.Reclaimed, Taking.Borrowed, Taking.Asked];

    private readonly long[] _refusals = new long[Enum.GetValues<RefusalCode>().Length];
    private long _turns;
    private long _repeatedDecisions;
    private long _suspicions;

    /// <summary>IPv4 addresses assigned, by where they came from (the <c>why</c> of their event).</summary>
    public WordCounts AssignedIpv4 { get; } = new(Origins);

    /// <summary>IPv6 addresses assigned, likewise.</summary>
    public WordCounts AssignedIpv6 { get; } = new(Origins);

    /// <summary>Addresses released, by the <c>why</c> of their event.</summary>
    public WordCounts Released { get; } = new("released", "final", "gc", "other");

    /// <summary>Answers that gave fewer addresses than were asked for, by the code of the message that said so.</summary>
    public WordCounts ShortAnswers { get; } = new("pools_exhausted", "strict_no_blocks", "block_limit", "auto_allocate_off", "other");

    /// <summary>Turns that ended with "nobody can answer": the journal does not answer, a stream holds an unknown event, a law does not hold.</summary>
    public WordCounts FailedTurns { get; } = new("unavailable", "unreadable", "invariant", "other");

    /// <summary>Requests whose host another member owns, by how it ended when they were to be sent on to it.</summary>
    public WordCounts Forwards { get; } = new(ForwardEnds.Answered, ForwardEnds.TurnedAway, ForwardEnds.Silent, ForwardEnds.Late, ForwardEnds.Suspect, ForwardEnds.Left);

    /// <summary>Requests that other members have sent on to this one, by how it ended.</summary>
    public WordCounts ForwardsServed { get; } = new(ForwardEnds.Answered, ForwardEnds.TurnedAway, ForwardEnds.Left, ForwardEnds.Unavailable);

    /// <summary>How often a member that did not answer became suspect.</summary>
    public long Suspicions => Interlocked.Read(ref _suspicions);

    /// <summary>Turns taken.</summary>
    public long Turns => Interlocked.Read(ref _turns);

    /// <summary>Units that lost because a head had moved, and were decided again.</summary>
    public long RepeatedDecisions => Interlocked.Read(ref _repeatedDecisions);

    /// <summary>Answers that said no, by their first reason.</summary>
    public long Refusals(RefusalCode code) => Interlocked.Read(ref _refusals[(int)code]);

    internal void CountTurn() => Interlocked.Increment(ref _turns);

    internal void CountSuspicion() => Interlocked.Increment(ref _suspicions);

    internal void CountRepeatedDecision() => Interlocked.Increment(ref _repeatedDecisions);

    internal void CountFailedTurn(Exception failure) => FailedTurns.Add(failure switch
    {
        InvariantViolationException => "invariant",
        UnreadableEventException => "unreadable",
        UnavailableException or JournalUnavailableException => "unavailable",
        _ => "other",
    });

    /// <summary>A unit became true.</summary>
    internal void CountCommitted(ImmutableArray<Change> changes)
    {
        foreach (var change in changes)
        {
            if (change is BlockChange block)
            {
                CountEvents(block);
            }
        }
    }

    /// <summary>An answer went out.</summary>
    internal void CountAnswer<T>(Answer<T> answer)
    {
        if (answer.IsRefused)
        {
            Interlocked.Increment(ref _refusals[(int)answer.Refusals[0].Code]);
        }
        else if (answer.Value is AssignAnswer { Messages: { IsDefaultOrEmpty: false } messages })
        {
            foreach (var message in messages)
            {
                // A code may carry a figure: block_limit:20.
                var colon = message.Code.IndexOf(':', StringComparison.Ordinal);
                ShortAnswers.Add(colon < 0 ? message.Code : message.Code[..colon]);
            }
        }
    }

    private void CountEvents(BlockChange block)
    {
        var assigned = block.Now.Range.Family == IpFamily.V4 ? AssignedIpv4 : AssignedIpv6;
        foreach (var fact in block.Events)
        {
            switch (fact)
            {
                case BlockEvent.AddressAssigned { Why: var origin }:
                    assigned.Add(origin);
                    break;
                case BlockEvent.AddressReleased { Why: var why }:
                    Released.Add(why);
                    break;
            }
        }
    }
}
