using System.Collections.Concurrent;

namespace ActorIpam.Cli.Bench;

/// <summary>Who holds what by the answers so far: an address that is granted to two at once is found here (INV-1).</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, string> _holders = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _twice = new();

    public int Held => _holders.Count;

    /// <summary>One sentence for each address that was granted while it was held.</summary>
    public IReadOnlyCollection<string> Twice => _twice;

    public void Granted(string address, string handle)
    {
        if (!_holders.TryAdd(address, handle))
        {
            _twice.Enqueue($"{address} was granted to {handle} while {_holders.GetValueOrDefault(address, "another handle")} held it.");
        }
    }

    /// <summary>To be told before the member is asked: from then on somebody else may be granted it.</summary>
    public void Releasing(string address) => _holders.TryRemove(address, out _);
}
