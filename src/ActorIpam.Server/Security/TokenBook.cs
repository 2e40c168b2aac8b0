using System.Collections.Frozen;
using ActorIpam.Domain.Access;
using ActorIpam.EventSourcing;

namespace ActorIpam.Server.Security;

/// <summary>This member's copy of all tokens: whoever presents one is found without asking the store, and garbage costs the store nothing.</summary>
/// <remarks>
/// A token that another member added or revoked is seen within <see cref="Fresh"/> and the time of one read; while the store does not answer, within
/// <see cref="Usable"/>, and after that nobody is let in by a token. What this member changes itself it sees at once. Safe for threads.
/// </remarks>
internal sealed class TokenBook(ITokens tokens, TimeProvider time) : IDisposable
{
    /// <summary>A copy of this age is compared with the store before it is used.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>A copy of this age is not used any more.</summary>
    public static readonly TimeSpan Usable = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _reading = new(1);
    private readonly Lock _gate = new();
    private Copy? _copy;
    private int _forgotten;

    /// <returns>The token, expired or not; null when there is none with this digest.</returns>
    /// <exception cref="JournalUnavailableException">The store does not answer, and the copy is too old.</exception>
    public async ValueTask<StoredToken?> FindAsync(string digest, CancellationToken cancellation) =>
        (await CurrentAsync(cancellation)).ByDigest.GetValueOrDefault(digest);

    /// <summary>The next one who asks waits for what the store holds then.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _forgotten++;
            _copy = null;
        }
    }

    public void Dispose() => _reading.Dispose();

    private async ValueTask<Copy> CurrentAsync(CancellationToken cancellation)
    {
        var copy = Volatile.Read(ref _copy);
        if (IsYounger(copy, Fresh))
        {
            return copy!;
        }

        // One asks the store; the others go on with what there is, as long as that is allowed.
        if (!await _reading.WaitAsync(IsYounger(copy, Usable) ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, cancellation))
        {
            return copy!;
        }

        try
        {
            copy = Volatile.Read(ref _copy);
            return IsYounger(copy, Fresh) ? copy! : await ReadAsync(copy, cancellation);
        }
        catch (JournalUnavailableException) when (IsYounger(copy, Usable))
        {
            return copy!;
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task<Copy> ReadAsync(Copy? copy, CancellationToken cancellation)
    {
        // The time before the read: what is changed while it runs counts as unseen.
        var (at, forgotten) = (time.GetTimestamp(), Volatile.Read(ref _forgotten));
        Copy read;
        if (copy is not null && await tokens.StampAsync(cancellation) == copy.Stamp)
        {
            read = copy with { At = at };
        }
        else
        {
            var (stamp, all) = await tokens.AllAsync(cancellation);
            read = new(stamp, all.ToFrozenDictionary(token => token.Digest, StringComparer.Ordinal), at);
        }

        lock (_gate)
        {
            // Somebody who said Forget meanwhile is not overruled: then this copy serves its reader alone.
            _copy = forgotten == _forgotten ? read : null;
        }

        return read;
    }

    private bool IsYounger(Copy? copy, TimeSpan age) => copy is not null && time.GetElapsedTime(copy.At) < age;

    private sealed record Copy(TokenStamp Stamp, FrozenDictionary<string, StoredToken> ByDigest, long At);
}
