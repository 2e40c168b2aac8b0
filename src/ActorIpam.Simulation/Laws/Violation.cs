using System.Globalization;

namespace ActorIpam.Simulation.Laws;

/// <summary>A law that did not hold.</summary>
/// <param name="Law">Its number, for example <c>INV-1</c> (protocol.md §1).</param>
/// <param name="Instant">The step of the world at which it showed.</param>
/// <param name="What">What was found instead.</param>
public sealed record Violation(string Law, long Instant, string What)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Law} at step {Instant}: {What}");
}
