using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Checking;

/// <summary>Compares what history tells of one block with its stream, as far as that is kept (INV-1, 7), and says what it must tell.</summary>
/// <remarks>What was forgotten on purpose is no difference: nothing is said of what ended before the horizon.</remarks>
internal sealed class HistoryCheck(IPastViews past, Cidr range)
{
    private const int PerPage = 1000;

    /// <summary>What is wrong with the history, and what mends it. Rows that repairs put there are evidence, and told by nobody else.</summary>
    /// <param name="replayed">The stream.</param>
    /// <param name="present">The rows of its addresses.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ImmutableArray<HistoryFlaw>> FlawsAsync(ReplayedBlock replayed, ImmutableArray<AddressRow> present, CancellationToken cancellation)
    {
        var told = (await past.HistoryInAsync(range, cancellation)).Where(row => row.Held.Block == range && row.Why != AddressHistoryRow.Repaired).ToImmutableArray();
        var owners = await OwnersAsync(cancellation);
        var horizon = await past.HorizonAsync(cancellation) ?? DateTimeOffset.MinValue;
        return [.. HoldersOf(replayed, told, present, horizon), .. OwnersOf(replayed.Story, owners, horizon)];
    }

    private static IEnumerable<HistoryFlaw> HoldersOf(ReplayedBlock replayed, ImmutableArray<AddressHistoryRow> told, ImmutableArray<AddressRow> present, DateTimeOffset horizon)
    {
        var (block, story) = (replayed.State, replayed.Story);
        var rows = told.ToLookup(row => (Ordinal: block.OrdinalOf(row.Held.Ip), row.Held.Generation));
        foreach (var (key, release) in story.Releases.Where(release => release.Value.At >= horizon).OrderBy(static release => release.Key.Ordinal).ThenBy(static release => release.Key.Generation))
        {
            var ip = block.AddressAt(key.Ordinal);
            var stored = rows[key].ToList();
            var right = RightRow(replayed, ip, key.Generation, release, stored.FirstOrDefault());
            if (stored.Count != 1 || !IsSame(stored[0], right))
            {
                var found = stored.Count switch
                {
                    0 => "history does not tell of it",
                    1 when Text(stored[0]) == Text(right) => "history has something else beside that: its pool, its reason, its time of issue or its attributes",
                    1 => $"history tells that {Text(stored[0])}",
                    _ => $"history tells of it {stored.Count} times",
                };
                yield return new(ip.ToString(), $"The stream says that {Text(right)}; {found}.", new IpamViewChange.HoldingRetold(ip, key.Generation, right));
            }
        }

        foreach (var untold in rows.Where(row => !story.Releases.ContainsKey(row.Key)))
        {
            var row = untold.OrderBy(static one => one.ReleasedAt).First();
            var isBefore = story.WasReleasedBefore(untold.Key.Ordinal, untold.Key.Generation);
            if (!isBefore || row.ReleasedAt > story.KnownFrom || untold.Count() > 1)
            {
                yield return new(
                    row.Held.Ip.ToString(),
                    $"History tells {(untold.Count() > 1 ? $"{untold.Count()} times " : "")}that {Text(row)}; {(isBefore ? $"the stream says that this had ended by {story.KnownFrom.UtcDateTime:O}" : "the stream does not")}.",
                    new IpamViewChange.HoldingRetold(row.Held.Ip, untold.Key.Generation, !isBefore ? null : row.ReleasedAt > story.KnownFrom ? row with { ReleasedAt = story.KnownFrom } : row));
            }
        }

        foreach (var flaw in OverlapsOf(told, present))
        {
            yield return flaw;
        }
    }

    /// <summary>Two holders at one time, of which the stream does not tell the right one any more.</summary>
    private static IEnumerable<HistoryFlaw> OverlapsOf(ImmutableArray<AddressHistoryRow> told, ImmutableArray<AddressRow> present)
    {
        var held = present.ToDictionary(static row => row.Ip);
        foreach (var rows in told.GroupBy(static row => row.Held.Ip))
        {
            AddressHistoryRow? before = null;
            foreach (var row in rows.OrderBy(static row => row.Held.Generation))
            {
                if (before is not null && row.Held.Since < before.ReleasedAt)
                {
                    yield return new(rows.Key.ToString(), $"History tells of two holders at one time: {Text(before)}, and {Text(row)}.", Mends: null);
                }

                before = row;
            }

            if (before is not null && held.GetValueOrDefault(rows.Key) is { } now && now.Generation > before.Held.Generation && now.Since < before.ReleasedAt)
            {
                yield return new(rows.Key.ToString(), $"{now.Handle ?? now.Holder.Name} holds it since {now.Since.UtcDateTime:O}, and history tells that {Text(before)}.", Mends: null);
            }
        }
    }

    private static IEnumerable<HistoryFlaw> OwnersOf(BlockStory story, ImmutableArray<BlockHistoryRow> told, DateTimeOffset horizon)
    {
        var after = told.Where(row => row.Version > story.StartVersion).ToImmutableArray();
        var expected = story.Owners.Where(owner => !(owner.Row.To < horizon)).ToImmutableArray();
        var kept = after.Where(row => !(row.To < horizon)).ToImmutableArray();
        var from = story.StartVersion + 1;
        var wrong = expected.Length != kept.Length || expected.Zip(kept).Any(static pair => !IsSame(pair.First, pair.Second));
        var lasting = told.LastOrDefault(row => row.Version <= story.StartVersion);
        if (story.AtStart is { } atStart && !(atStart.Row.To < horizon) && !IsSame(atStart, lasting))
        {
            (wrong, from) = (true, lasting?.Version ?? story.StartVersion);
        }

        if (!wrong)
        {
            yield break;
        }

        ImmutableArray<BlockHistoryRow> right =
        [
            .. from <= story.StartVersion ? [Continued(story.AtStart!.Value.Row, lasting)] : Array.Empty<BlockHistoryRow>(),
            .. expected.Select(owner => owner.Row with { Why = WhyOf(owner.Row, after) }),
        ];
        var block = (told.FirstOrDefault() ?? right.First()).Block;
        yield return new(
            block.ToString(), $"The stream says that it was {Text(right)}; history tells of {(kept.IsEmpty && lasting is null ? "nobody" : Text([.. lasting is null ? [] : (BlockHistoryRow[])[lasting], .. kept]))}.",
            new IpamViewChange.BlockRetold(block, from, right));
    }

    private static BlockHistoryRow Continued(BlockHistoryRow atStart, BlockHistoryRow? stored) => stored is null
        ? atStart with { Why = AddressHistoryRow.Repaired }
        : stored with { Pool = atStart.Pool, Owner = atStart.Owner, To = atStart.To, Ended = atStart.Ended };

    /// <summary>What a claim was for stands in the pool's stream and in the row; without the row it is "claimed", as in what the first release wrote.</summary>
    private static string WhyOf(BlockHistoryRow row, ImmutableArray<BlockHistoryRow> told) =>
        row.Why.Length > 0 ? row.Why : told.FirstOrDefault(known => known.Version == row.Version)?.Why ?? "claimed";

    private static bool IsSame(RecordedOwner expected, BlockHistoryRow stored) =>
        (expected.Row.Version, expected.Row.Pool, expected.Row.Owner) == (stored.Version, stored.Pool, stored.Owner)
        && (stored.From == expected.Row.From || stored.From == expected.BeginDecided)
        && (stored.To == expected.Row.To || (stored.To is not null && stored.To == expected.EndDecided));

    private static bool IsSame((BlockHistoryRow Row, DateTimeOffset Decided) atStart, BlockHistoryRow? stored) =>
        stored is not null && (stored.Pool, stored.Owner) == (atStart.Row.Pool, atStart.Row.Owner)
        && (stored.To == atStart.Row.To || (stored.To is not null && stored.To == atStart.Decided));

    private static AddressHistoryRow RightRow(ReplayedBlock replayed, IpAddress ip, long generation, RecordedRelease release, AddressHistoryRow? stored)
    {
        RecordedGrant? grant = replayed.Story.Grants.TryGetValue((replayed.State.OrdinalOf(ip), generation), out var recorded) ? recorded : null;
        var held = new AddressRow(
            ip, replayed.State.Range, generation, release.Held.Handle, release.Held.Holder, Restoring.AttributesOf(grant, stored?.Held),
            grant?.Since ?? stored?.Held.Since ?? replayed.Story.KnownFrom, release.Held.At)
        {
            IsRedacted = stored?.Held.IsRedacted ?? false,
        };
        return new(held, release.Pool, release.At, release.Why);
    }

    private static bool IsSame(AddressHistoryRow stored, AddressHistoryRow right) =>
        (stored with { Held = right.Held }) == right && (stored.Held with { Attributes = right.Held.Attributes }) == right.Held
        && (Restoring.IsMarked(stored.Held) || stored.Held.Attributes.SequenceEqual(right.Held.Attributes));

    private async Task<ImmutableArray<BlockHistoryRow>> OwnersAsync(CancellationToken cancellation)
    {
        var all = ImmutableArray.CreateBuilder<BlockHistoryRow>();
        Page<BlockHistoryRow> page;
        do
        {
            page = await past.BlockHistoryAsync(range, all.Count == 0 ? 0 : all[^1].Version, PerPage, cancellation);
            all.AddRange(page.Items);
        }
        while (page.More);
        return all.ToImmutable();
    }

    private static string Text(AddressHistoryRow row) =>
        $"{row.Held.Handle ?? row.Held.Holder.Name} on {row.Held.Holder.Name} held it from {row.Held.Since.UtcDateTime:O} to {row.ReleasedAt.UtcDateTime:O} (generation {row.Held.Generation})";

    private static string Text(ImmutableArray<BlockHistoryRow> rows) =>
        string.Join(", then ", rows.Select(static row => $"{row.Owner?.ToString() ?? "nobody"}'s from {row.From.UtcDateTime:O}{(row.To is { } to ? $" to {to.UtcDateTime:O}" : "")}"));
}

/// <param name="Subject">The address or block.</param>
/// <param name="Message">What is wrong, in a sentence.</param>
/// <param name="Mends">What history must tell; null when nobody knows any more.</param>
internal sealed record HistoryFlaw(string Subject, string Message, IpamViewChange? Mends);
