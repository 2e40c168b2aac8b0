using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Shouldly;

namespace ActorIpam.Fuzzing;

/// <summary>Plays many inputs from one seed and says which one was not survived.</summary>
/// <remarks><c>FUZZ_INPUTS</c> says how many a reader gets (100,000), <c>FUZZ_SEED</c> which (1).</remarks>
internal static class Fuzz
{
    /// <summary>No single input may take longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>And none may take more memory than this for each character of it, and a floor.</summary>
    private const long BytesPerCharacter = 20_000, Floor = 4 << 20;

    /// <param name="make">Makes an input.</param>
    /// <param name="read">Reads it; true when it was good. Only declared errors may be told, as a value or as the declared exception.</param>
    /// <param name="share">How many of the inputs a reader gets: slow ones take a part.</param>
    public static void Play(Func<Chance, string> make, Func<string, bool> read, int share = 1)
    {
        var (seed, inputs) = (Number("FUZZ_SEED", 1), Number("FUZZ_INPUTS", 100_000) / share);
        var chance = new Chance(seed);
        var good = 0;
        for (var input = 1; input <= inputs; input++)
        {
            var text = make(chance);
            var (clock, memory) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            try
            {
                good += read(text) ? 1 : 0;
            }
            catch (Exception escaped)
            {
                throw new ShouldAssertException($"FUZZ_SEED={seed}, input {input}, {Shown(text)}: {escaped.GetType().Name}: {escaped.Message} {escaped.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("ActorIpam.", StringComparison.Ordinal))}", escaped);
            }

            memory = GC.GetAllocatedBytesForCurrentThread() - memory;
            (Stopwatch.GetElapsedTime(clock) < Patience && memory < Floor + (BytesPerCharacter * text.Length)).ShouldBeTrue(
                $"FUZZ_SEED={seed}, input {input} took {Stopwatch.GetElapsedTime(clock).TotalSeconds:0.0} s and {memory >> 10} KiB: {Shown(text)}");
        }

        // A generator that only makes rubbish, or none, tests half of a reader.
        good.ShouldBeInRange(inputs / 50, inputs - (inputs / 50));
    }

    private static string Shown(string text) => JsonSerializer.Serialize(text.Length > 2_000 ? text[..2_000] + "…" : text);

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
