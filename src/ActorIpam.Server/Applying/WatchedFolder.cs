using System.Threading.Channels;

namespace ActorIpam.Server.Applying;

/// <summary>Looks at a folder when something in it changes, after it has been quiet for a moment; and every few seconds, whatever was missed.</summary>
/// <remarks>Some file systems tell nothing of changes, and a ConfigMap changes by exchanging a link: the slow look finds both.</remarks>
internal sealed class WatchedFolder(string folder, FileIngest ingest, TimeProvider time)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300), Interval = TimeSpan.FromSeconds(5);

    /// <summary>A folder in which something always happens is looked at nevertheless after so many quiet times.</summary>
    private const int MostWaits = 10;

    private readonly Channel<bool> _stirred = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var watcher = Watch();
        try
        {
            while (true)
            {
                await LookAsync(stopping);
                if (await StirredAsync(Interval, stopping))
                {
                    for (var waits = 0; waits < MostWaits && await StirredAsync(Quiet, stopping); waits++)
                    {
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The member stops; a file that was being applied has been applied.
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        try
        {
            await ingest.LookAsync(folder, stopping);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder itself is being exchanged; the next look finds it.
        }
    }

    /// <summary>True when something changed within the time.</summary>
    private async Task<bool> StirredAsync(TimeSpan within, CancellationToken stopping)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var stirred = _stirred.Reader.WaitToReadAsync(waiting.Token).AsTask();
        var first = await Task.WhenAny(stirred, Task.Delay(within, time, waiting.Token));
        await waiting.CancelAsync();
        stopping.ThrowIfCancellationRequested();
        return first == stirred && _stirred.Reader.TryRead(out _);
    }

    private FileSystemWatcher? Watch()
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder);
            watcher.Changed += Stir;
            watcher.Created += Stir;
            watcher.Renamed += Stir;
            watcher.Deleted += Stir;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (IOException)
        {
            // The system has no watches left; the slow look does all the work.
            watcher?.Dispose();
            return null;
        }
    }

    private void Stir(object sender, FileSystemEventArgs change) => _stirred.Writer.TryWrite(true);
}
