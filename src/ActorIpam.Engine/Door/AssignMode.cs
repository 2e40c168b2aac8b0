namespace ActorIpam.Engine.Door;

/// <summary>How a request for addresses is served besides being decided.</summary>
/// <param name="Explain">The answer tells how it was decided.</param>
/// <param name="DryRun">It is decided and proven like any other, and nothing is written; always explained.</param>
public readonly record struct AssignMode(bool Explain, bool DryRun);
