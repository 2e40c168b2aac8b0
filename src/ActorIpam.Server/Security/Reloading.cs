using System.Security.Cryptography;
using ActorIpam.Server.Hosting;

namespace ActorIpam.Server.Security;

/// <summary>Something that follows files.</summary>
internal interface IReloaded
{
    /// <summary>The options and files, for messages; no content of them.</summary>
    string What { get; }

    /// <summary>Takes what the files hold if that is something else than before.</summary>
    /// <returns>What is in force now, for the log; null when nothing changed.</returns>
    /// <exception cref="CannotStartException">The new content cannot be used; the old stays.</exception>
    /// <exception cref="IOException">A file cannot be read; the old content stays.</exception>
    string? Reload();
}

/// <summary>Looks every other second whether certificates, keys, authorities and the bootstrap token were exchanged.</summary>
internal sealed class Reloading(IReadOnlyList<IReloaded> all, TimeProvider time, ILogger log)
{
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private readonly Dictionary<IReloaded, string> _told = [];

    /// <summary>The first reading, before the member serves.</summary>
    /// <exception cref="CannotStartException">Something cannot be used.</exception>
    public void Begin()
    {
        foreach (var one in all)
        {
            if (Trouble(one, out _) is { } trouble)
            {
                throw new CannotStartException(trouble.StartsWith("--", StringComparison.Ordinal) ? trouble : $"{one.What}: {trouble}");
            }
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        using var looks = new PeriodicTimer(Look, time);
        try
        {
            while (await looks.WaitForNextTickAsync(stopping))
            {
                foreach (var one in all)
                {
                    Again(one);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The member stops, and with it this.
        }
    }

    /// <summary>The same trouble is told once, not every other second.</summary>
    private void Again(IReloaded one)
    {
        if (Trouble(one, out var news) is { } trouble)
        {
            if (_told.GetValueOrDefault(one) != trouble)
            {
                log.LogWarning("{What} cannot be taken, what was read before stays in force: {Trouble}", one.What, trouble);
                _told[one] = trouble;
            }

            return;
        }

        if (news is not null)
        {
            log.LogWarning("{What} changed: {News}.", one.What, news);
            _told.Remove(one);
        }
    }

    private static string? Trouble(IReloaded one, out string? news)
    {
        news = null;
        try
        {
            news = one.Reload();
            return null;
        }
        catch (Exception e) when (e is CannotStartException or IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            // An ArgumentException is what the platform throws for a key that does not belong to the certificate.
            return e.Message;
        }
    }
}
