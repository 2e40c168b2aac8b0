using System.Collections.Concurrent;

namespace ActorIpam.EndToEnd.Killing;

/// <summary>An address as a client was told it holds it.</summary>
internal sealed record Holding(string RequestId, string Host, string Handle, string Ip, long Generation);

/// <summary>What all clients together were told, judged as it comes in.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<string, Holding> _held = new();
    private readonly ConcurrentDictionary<(string Ip, long Generation), string> _granted = new();
    private readonly ConcurrentQueue<string> _violations = new();

    public IReadOnlyCollection<string> Violations => _violations;

    public IReadOnlyCollection<Holding> Held => [.. _held.Values];

    public int Granted => _granted.Count;

    /// <summary>An assignment was acknowledged. INV-1: nobody else may hold the address between here and the release that is asked for.</summary>
    public void Acknowledged(Holding holding)
    {
        if (!_held.TryAdd(holding.Ip, holding))
        {
            Violated($"INV-1: {holding} was granted while {_held.GetValueOrDefault(holding.Ip)} holds it.");
        }

        if (!_granted.TryAdd((holding.Ip, holding.Generation), holding.RequestId))
        {
            Violated($"INV-13: {holding} repeats the generation of {_granted[(holding.Ip, holding.Generation)]}.");
        }
    }

    /// <summary>A release is about to be asked for: from here on the address may be anybody's.</summary>
    public void GivingUp(Holding holding) => _held.TryRemove(holding.Ip, out _);

    public void Violated(string law) => _violations.Enqueue(law);
}
