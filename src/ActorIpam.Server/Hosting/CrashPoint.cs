using System.Diagnostics;
using System.Globalization;
using ActorIpam.Runtime;
using ActorIpam.Server.Options;

namespace ActorIpam.Server.Hosting;

/// <summary>
/// For tests: <c>IPAM_CRASH_AT=BatchCommitted:3</c> lets the process kill itself when it passes that fault point for the third time.
/// Without the variable nothing happens.
/// </summary>
internal sealed class CrashPoint(FaultPoint where, int times) : IFaultPoints
{
    public const string Variable = "IPAM_CRASH_AT";

    private int _passed;

    /// <exception cref="BadOptionException">The variable names no fault point.</exception>
    public static IFaultPoints FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text)
        {
            return NoFaults.Instance;
        }

        var parts = text.Split(':');
        return Enum.TryParse<FaultPoint>(parts[0], out var where)
            && (parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? new CrashPoint(where, parts.Length == 1 ? 1 : int.Parse(parts[1], CultureInfo.InvariantCulture))
            : throw new BadOptionException($"{Variable}: '{text}' is no fault point with a number, such as {nameof(FaultPoint.BatchCommitted)}:3.");
    }

    public ValueTask PassAsync(FaultPoint point)
    {
        if (point == where && Interlocked.Increment(ref _passed) == times)
        {
            // SIGKILL, as from outside: no handler runs, nothing is flushed.
            Process.GetCurrentProcess().Kill();
        }

        return ValueTask.CompletedTask;
    }
}
