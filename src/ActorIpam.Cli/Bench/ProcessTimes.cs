using System.Globalization;

namespace ActorIpam.Cli.Bench;

/// <summary>The processor time of a process with all that descend from it, as Linux tells it under /proc.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="Id">Its process id.</param>
internal sealed record ProcessTimes(string Name, int Id)
{
    /// <summary>The unit of the times in /proc on every Linux.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Reads <c>NAME=PID</c>.</summary>
    /// <exception cref="CommandFailure">It is something else, or there is no such process.</exception>
    public static ProcessTimes Parse(string text) =>
        text.Split('=') is [{ Length: > 0 } name, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && File.Exists($"/proc/{id}/stat")
            ? new(name, id)
            : throw new CommandFailure($"--cpu {text}: write NAME=PID, with the id of a process of this machine; it is read from /proc.");

    /// <summary>User and system time so far, those of ended children included.</summary>
    public TimeSpan Now()
    {
        var processes = Directory.EnumerateDirectories("/proc").Select(Read).OfType<Times>().ToLookup(static times => times.Parent);
        var all = processes.SelectMany(static group => group).FirstOrDefault(times => times.Id == Id) is { } root ? Sum(root, processes) : 0;
        return TimeSpan.FromSeconds(all / TicksPerSecond);
    }

    private static long Sum(Times process, ILookup<int, Times> children) => process.Ticks + children[process.Id].Sum(child => Sum(child, children));

    private static Times? Read(string folder)
    {
        if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        try
        {
            // The name of the program may hold blanks; what follows it does not.
            var text = File.ReadAllText($"{folder}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new(id, Number(fields[1]), Enumerable.Range(11, 4).Sum(i => (long)Number(fields[i])));
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return null;
        }

        static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);
    }

    private sealed record Times(int Id, int Parent, long Ticks);
}
