namespace ActorIpam.Cli.Bench;

/// <summary>What one client, or all of them, met.</summary>
internal sealed class Tally
{
    public Latencies Took { get; } = new();

    /// <summary>How many answers were no, by code.</summary>
    public SortedDictionary<string, long> Errors { get; } = new(StringComparer.Ordinal);

    public void Fail(string code) => Errors[code] = Errors.GetValueOrDefault(code) + 1;

    public void Add(Tally other)
    {
        Took.Add(other.Took);
        foreach (var (code, count) in other.Errors)
        {
            Errors[code] = Errors.GetValueOrDefault(code) + count;
        }
    }
}
