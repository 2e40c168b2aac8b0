namespace ActorIpam.Domain.Requests;

/// <summary>How much one member has to do, as of now.</summary>
/// <param name="Activations">Streams it keeps in memory.</param>
/// <param name="Actors">Actors that have letters.</param>
/// <param name="Waiting">Letters in all mailboxes together.</param>
/// <param name="Deepest">Letters in the fullest mailbox.</param>
public sealed record MemberFigures(int Activations, int Actors, int Waiting, int Deepest);
