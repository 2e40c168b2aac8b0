using System.Globalization;

namespace ActorIpam.Simulation.Linearizability;

/// <summary>What somebody did with one address, or saw of it, at one instant between question and answer that nobody knows.</summary>
/// <param name="What">In words, for people.</param>
/// <param name="Asked">When it was asked: it did nothing before.</param>
/// <param name="Answered">When it was answered: it was done by then. <see cref="Histories.Exchange.Never"/> for what nobody heard of: it may happen at any later time, or never.</param>
public abstract record AddressStep(string What, long Asked, long Answered)
{
    /// <summary>True for what may not have happened at all.</summary>
    public bool MayBeMissing => Answered == Histories.Exchange.Never;

    /// <summary>The address, free until now, is held by this one from now on.</summary>
    /// <param name="Generation">What it is held under.</param>
    public sealed record Take(string What, long Asked, long Answered, long Generation) : AddressStep(What, Asked, Answered);

    /// <summary>The address, held until now under a generation of these, is free from now on.</summary>
    public sealed record Free(string What, long Asked, long Answered, IReadOnlySet<long> Generations) : AddressStep(What, Asked, Answered);

    /// <summary>Somebody was told that the address is held under this generation.</summary>
    public sealed record SeeHeld(string What, long Asked, long Answered, long Generation) : AddressStep(What, Asked, Answered);

    /// <summary>Somebody was told that the address is not held under any of these generations; null for under none at all.</summary>
    public sealed record SeeNotHeld(string What, long Asked, long Answered, IReadOnlySet<long>? Generations) : AddressStep(What, Asked, Answered);

    public sealed override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{What} [{Asked}, {(MayBeMissing ? "?" : Answered.ToString(CultureInfo.InvariantCulture))}]");
}
