using ActorIpam.EventSourcing;

namespace ActorIpam.Runtime.Actors;

/// <summary>A snapshot is used only when it is what was sealed and can be read here (INV-7).</summary>
public static class SnapshotReading
{
    /// <param name="snapshot">As the journal gave it.</param>
    /// <param name="beginning">The state before the first event.</param>
    /// <param name="codec">Reads the state; null where nobody can.</param>
    /// <exception cref="UnreadableEventException">It is bad: damaged, of a newer member, or of a stream that has no snapshots here.</exception>
    public static TState StateOf<TState>(Snapshot snapshot, TState beginning, ISnapshotCodec<TState>? codec)
        where TState : class
    {
        var name = $"The snapshot of {snapshot.Stream} at version {snapshot.Head.Version}";
        var intact = snapshot.IsIntact;
#if PLANTED_BUGS
        intact = intact || Planted.Is("snapshot-not-verified");
#endif
        if (!intact)
        {
            throw new UnreadableEventException($"{name} is damaged: its digest does not fit. It is passed over, and the stream is read from further back.");
        }

        try
        {
            return codec?.Read(beginning, snapshot.State, snapshot.Schema) ?? throw new UnreadableEventException("streams of this kind have none on this member");
        }
        catch (UnreadableEventException unknown)
        {
            throw new UnreadableEventException($"{name} cannot be used: {unknown.Message} It is passed over, and the stream is read from further back.", unknown);
        }
    }
}
