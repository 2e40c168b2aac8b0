using ActorIpam.Runtime;

namespace ActorIpam.Simulation.Members;

/// <summary>What came back over the network from a member that was asked. Half of all questions meet a member that is down, so silence is a value: exceptions cost more than the rest of it.</summary>
/// <param name="Answer">The answer, unless there is none.</param>
/// <param name="Silence">It said "unavailable", it died, or it cannot be reached; null when it answered.</param>
/// <param name="ReachedNobody">It never began with the question, and never will.</param>
public readonly record struct Reply<T>(T Answer, UnavailableException? Silence, bool ReachedNobody = false);
