using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Histories;

/// <summary>A unit that members could read before the standby had it, and that went when the standby took over.</summary>
/// <param name="Commit">What became visible, and when.</param>
/// <param name="Until">The instant at which the standby took over.</param>
public sealed record Shown(Commit Commit, long Until);
