using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Views;
using ActorIpam.Simulation.Journal;

namespace ActorIpam.Simulation.Histories;

/// <summary>What became true while a restored journal recovered, read from what was written.</summary>
/// <param name="Meanwhile">The units between the beginning of the recovery and its end.</param>
/// <param name="Begun">When it began, by the clock of the store.</param>
/// <param name="Ended">The instant of its end; <see cref="Exchange.Never"/> if it did not end, or nothing was restored.</param>
public sealed record Restored(ImmutableArray<Commit> Meanwhile, DateTimeOffset Begun, long Ended)
{
    private static readonly Restored Never = new([], DateTimeOffset.MinValue, Exchange.Never);

    private static readonly CatalogEventCodec Codec = new();

    /// <summary>Several laws ask for that of one history.</summary>
    private static readonly ConditionalWeakTable<History, Restored> Known = [];

    /// <summary>What was assigned meanwhile, and when: by the law, what hosts had reported (<see cref="Laws.RestoredJournals"/>).</summary>
    public ImmutableDictionary<(IpAddress Ip, long Generation), DateTimeOffset> Adopted { get; } =
        Meanwhile.SelectMany(commit => commit.Changes<IpamViewChange.AddressHeld>().Select(held => (held.Row, commit.At))).ToImmutableDictionary(held => (held.Row.Ip, held.Row.Generation), held => held.At);

    public static Restored Of(History history) => history.Since == 0 ? Never : Known.GetValue(history, Read);

    public bool HasAdopted(AddressRow row) => Adopted.ContainsKey((row.Ip, row.Generation));

    private static Restored Read(History history)
    {
        var meanwhile = ImmutableArray.CreateBuilder<Commit>();
        var (lasts, begun) = (false, DateTimeOffset.MinValue);
        foreach (var commit in history.Commits)
        {
            var steps = commit.Unit.Appends.Where(append => append.Stream == Engine.Streams.Catalog).SelectMany(append => Codec.Read(append.Events, append.Schema)).ToList();
            if (lasts && steps.Exists(step => step is CatalogEvent.RecoveryEnded))
            {
                return new(meanwhile.ToImmutable(), begun, commit.Instant);
            }

            if (lasts)
            {
                meanwhile.Add(commit);
            }

            if (!lasts && steps.Exists(step => step is CatalogEvent.RecoveryBegun))
            {
                (lasts, begun) = (true, commit.At);
            }
        }

        return lasts ? new(meanwhile.ToImmutable(), begun, Exchange.Never) : Never;
    }
}
