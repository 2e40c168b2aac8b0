namespace ActorIpam.Engine.Sweeping;

/// <summary>One kind of work that nobody asks for.</summary>
/// <remarks>
/// Every member sweeps, and needs no lock for it: what is found is a hint, each action is an ordinary unit that decides again under its own fences,
/// and of two members that act on the same thing one finds nothing left to do (protocol.md §5).
/// </remarks>
internal interface ISweep
{
    /// <summary>Looks once, and does what is due, up to the bounds of the options.</summary>
    /// <param name="counts">What has been done so far.</param>
    /// <param name="stop">Ends the work between two actions; an action that has begun is finished.</param>
    /// <returns>The counts with what was done now.</returns>
    Task<SweepCounts> SweepAsync(SweepCounts counts, CancellationToken stop);
}
