using System.Globalization;

namespace ActorIpam.Simulation.Kernel;

/// <summary>What happened, in words: the part of a run that people read.</summary>
public sealed class Story
{
    private readonly List<StoryLine> _lines = [];

    public IReadOnlyList<StoryLine> Lines => _lines;

    public IEnumerable<string> Last(int count) => _lines.Skip(Math.Max(0, _lines.Count - count)).Select(line => line.ToString());

    internal void Tell(StoryLine line) => _lines.Add(line);
}

/// <param name="Step">How many callbacks had run; the order of everything.</param>
/// <param name="At">Virtual time since the start of the world.</param>
/// <param name="Who">The lane, or the part of the world.</param>
/// <param name="What">One sentence.</param>
public readonly record struct StoryLine(long Step, TimeSpan At, string Who, string What)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Step,7} {At.TotalMilliseconds,12:0.000} ms  {Who,-12} {What}");
}
