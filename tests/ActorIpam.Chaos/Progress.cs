using System.Globalization;
using ActorIpam.Chaos.Load;

namespace ActorIpam.Chaos;

/// <summary>A line a minute: how it goes, and what the run itself needs.</summary>
internal sealed class Progress : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private static readonly string[] LogFiles = ["*.log", "*.log.old"];

    private readonly Timer _timer;
    private long _requests;
    private long _at = Chronicle.Now;
    private int _minutes;

    public Progress(World world, string folder, Action<string> tell) => _timer = new(_ => Look(world, folder, tell), null, Period, Period);

    /// <summary>What programs have printed so far.</summary>
    public static long LogBytes(string folder) => LogFiles.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }))
        .Sum(file => new FileInfo(file) is { Exists: true } log ? log.Length : 0);

    public void Dispose() => _timer.Dispose();

    private void Look(World world, string folder, Action<string> tell)
    {
        var (requests, now) = (world.Chronicle.Requests, Chronicle.Now);
        var rate = (requests - _requests) * 1e6 / Math.Max(1, now - _at);
        (_requests, _at) = (requests, now);
        tell(string.Create(CultureInfo.InvariantCulture, $"minute {++_minutes}: {requests} requests, {rate:0} a second; {world.Complaints.Count} complaints; harness {Environment.WorkingSet >> 20} MiB, logs {LogBytes(folder) >> 20} MiB"));
    }
}
