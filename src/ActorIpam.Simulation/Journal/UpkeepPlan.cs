using System.Globalization;
using System.Text.Json.Nodes;
using ActorIpam.Engine;
using ActorIpam.Engine.Sweeping;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Kernel;

namespace ActorIpam.Simulation.Journal;

/// <summary>How a world keeps its streams short – after a few rows and some seconds, where real ones wait for hundreds and for days – and what goes wrong with it.</summary>
public sealed class UpkeepPlan
{
    private readonly FaultPlan? _faults;
    private readonly Dice _dice;
    private int _rows, _badSnapshots, _unknownEvents;
    private TimeSpan _period, _kept;

    private UpkeepPlan(Dice dice, FaultPlan? faults) => (_dice, _faults) = (dice, faults);

    /// <summary>Streams grow for ever.</summary>
    public static UpkeepPlan None { get; } = new(new(0), null);

    public bool IsOn => _rows > 0;

    /// <summary>Every third world keeps its streams short; in half of these, snapshots and events are read badly now and then.</summary>
    public static UpkeepPlan Draw(Dice dice, FaultPlan faults)
    {
        var plan = new UpkeepPlan(dice, faults);
        if (dice.Next(3) == 0)
        {
            plan._rows = dice.Between(1, 5);
            plan._period = dice.Between(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(3));
            plan._kept = dice.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(3));
            plan._badSnapshots = dice.Next(2) == 0 ? dice.Between(50, 400) : 0;
            plan._unknownEvents = dice.Next(2) == 0 ? dice.Between(20, 250) : 0;
        }

        return plan;
    }

    /// <summary>What a member of this world sweeps, and that it keeps streams short beside.</summary>
    public SweepingOptions Over(SweepingOptions options) => !IsOn ? options : options with
    {
        Period = options.Period > TimeSpan.Zero ? options.Period : _period,
        SnapshotRows = _rows,
        JournalKept = _kept,
    };

    /// <summary>What a member sees of a tail that the store gave it.</summary>
    internal StreamTail Seen(StreamTail tail, StreamId stream, Lane lane)
    {
        if (_faults is not { IsOn: true } || !IsOn || !stream.Value.StartsWith(Streams.Blocks, StringComparison.Ordinal))
        {
            return tail;
        }

        if (tail.Snapshot is { } snapshot && _dice.Happens(_badSnapshots))
        {
            lane.Tell($"{stream}: {Fault.BadSnapshot} of version {snapshot.Head.Version}");
            _faults.Report.Hit("load a snapshot", Fault.BadSnapshot);
            tail = tail with { Snapshot = snapshot with { State = Damaged(snapshot.State) } };
        }

        if (tail.Rows.Length > 0 && _dice.Happens(_unknownEvents))
        {
            lane.Tell($"{stream}: {Fault.UnknownEvent} at version {tail.Rows[^1].Version}");
            _faults.Report.Hit(Reads.Tail, Fault.UnknownEvent);
            tail = tail with { Rows = tail.Rows.SetItem(tail.Rows.Length - 1, Unknown(tail.Rows[^1])) };
        }

        return tail;
    }

    public override string ToString() => IsOn
        ? string.Create(CultureInfo.InvariantCulture, $", snapshots after {_rows} rows, kept {_kept.TotalMilliseconds} ms, looked at each {_period.TotalMilliseconds} ms, {_badSnapshots} ‰ bad, {_unknownEvents} ‰ unknown")
        : "";

    /// <summary>A state that can be read and is wrong: the worst damage is the plausible one. Who held an address does not any more.</summary>
    private static string Damaged(string state)
    {
        var json = JsonNode.Parse(state)!.AsObject();
        if (json["held"] is JsonArray { Count: > 0 } held)
        {
            json["returned"]!.AsArray().Add(held[0]!["ordinal"]!.GetValue<int>());
            held.RemoveAt(0);
        }
        else
        {
            json["lastEventAt"] = DateTimeOffset.UnixEpoch;
        }

        return json.ToJsonString();
    }

    private static JournalRow Unknown(JournalRow row) => row with { Events = row.Events.Replace("\"type\":\"", "\"type\":\"Later", StringComparison.Ordinal) };
}
