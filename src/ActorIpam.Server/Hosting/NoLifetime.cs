namespace ActorIpam.Server.Hosting;

/// <summary>A host that hears no signals: the process answers them in one place, <see cref="StopSignals"/>, and ends its hosts when it is told to.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
