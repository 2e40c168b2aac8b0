namespace ActorIpam.EventSourcing;

/// <summary>The name of a stream. Streams are ordered by the ordinal order of their names, everywhere: locks are taken in that order.</summary>
public readonly record struct StreamId(string Value) : IComparable<StreamId>
{
    public int CompareTo(StreamId other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;

    public static bool operator <(StreamId left, StreamId right) => left.CompareTo(right) < 0;

    public static bool operator >(StreamId left, StreamId right) => left.CompareTo(right) > 0;

    public static bool operator <=(StreamId left, StreamId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(StreamId left, StreamId right) => left.CompareTo(right) >= 0;
}
