using System.Runtime.InteropServices;

namespace ActorIpam.Chaos;

/// <summary>Ctrl-C and SIGTERM, turned into a cancellation.</summary>
internal sealed class Signals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;

    public Signals(CancellationTokenSource interrupted) => _registrations =
    [
        .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            interrupted.Cancel();
        })),
    ];

    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());
}
