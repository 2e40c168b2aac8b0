using System.Runtime.InteropServices;

namespace ActorIpam.Server.Hosting;

/// <summary>The signals by which a service manager, or somebody at the keyboard, asks the process to stop. While it is there none ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _heard;

    public StopSignals() => _heard = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, Hear))];

    /// <summary>Completes when the first one comes.</summary>
    public Task Asked => _asked.Task;

    public void Dispose()
    {
        foreach (var heard in _heard)
        {
            heard.Dispose();
        }
    }

    private void Hear(PosixSignalContext context)
    {
        context.Cancel = true;
        _asked.TrySetResult();
    }
}
