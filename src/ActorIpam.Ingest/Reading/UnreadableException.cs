namespace ActorIpam.Ingest;

/// <summary>A document cannot be read from here on. Never leaves this project: it becomes a <see cref="Problem"/>.</summary>
internal sealed class UnreadableException(Position at, string message) : Exception(message)
{
    public Position At { get; } = at;
}
