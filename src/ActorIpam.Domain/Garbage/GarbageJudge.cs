using System.Collections.Immutable;
using ActorIpam.Domain.Views;

namespace ActorIpam.Domain.Garbage;

/// <summary>Under which circumstances the addresses of one host are judged.</summary>
/// <param name="Now">The time of the observation.</param>
/// <param name="HostIsGone">The host's node does not exist any more: then nothing has to be waited for.</param>
/// <param name="Grace">How long an address must have been seen without its workload while the host exists; zero releases nothing then.</param>
public readonly record struct GarbageTerms(DateTimeOffset Now, bool HostIsGone, TimeSpan Grace)
{
    /// <summary>The source is whoever runs the workloads: what it does not have is gone at once, whether or not the host exists.</summary>
    public bool IsCertain { get; init; }
}

/// <summary>Addresses that were seen without their workload, by address and generation, with the time they were first seen so.</summary>
public sealed record Suspects(ImmutableDictionary<Grant, DateTimeOffset> Since)
{
    public static Suspects None { get; } = new(ImmutableDictionary<Grant, DateTimeOffset>.Empty);
}

/// <summary>What becomes of the addresses of one host.</summary>
/// <param name="Released">What is to be released, by generation, in address order.</param>
/// <param name="Suspects">What to remember until the next observation.</param>
/// <param name="HostIsEmptied">The host is gone and nothing that is used is left: its blocks need no owner any more.</param>
public sealed record GarbageVerdict(ImmutableArray<AddressRow> Released, Suspects Suspects, bool HostIsEmptied);

/// <summary>Judges which held addresses nobody uses any more (semantics.md §12.2). Pure.</summary>
/// <remarks>
/// An address is released only with all others of its handle, and never by address alone but by generation: one that was released and assigned again
/// meanwhile is another address, whose time begins anew.
/// </remarks>
public static class GarbageJudge
{
    /// <param name="held">What the host holds, all of it.</param>
    /// <param name="workloads">Which workloads live.</param>
    /// <param name="before">What the observation before this one suspected.</param>
    /// <param name="terms">The circumstances.</param>
    public static GarbageVerdict Judge(ImmutableArray<AddressRow> held, IWorkloads workloads, Suspects before, GarbageTerms terms)
    {
        var judged = held.Where(static row => row.Handle is not null).Select(row => (Row: row, Use: UseOf(row, workloads))).ToImmutableArray();
        var suspects = judged.Where(static item => item.Use == Use.None)
            .ToImmutableDictionary(static item => GrantOf(item.Row), item => before.Since.GetValueOrDefault(GrantOf(item.Row), terms.Now));
        var released = judged.GroupBy(static item => item.Row.Handle)
            .Where(handle => handle.All(item => item.Use == Use.Unjudged || (item.Use == Use.None && IsConfirmed(suspects[GrantOf(item.Row)], terms))))
            .SelectMany(static handle => handle.Where(static item => item.Use == Use.None).Select(static item => item.Row)).ToImmutableArray();

        var emptied = terms.HostIsGone && judged.All(item => item.Use == Use.Tunnel || released.Contains(item.Row)) && held.All(static row => row.Handle is not null);
        if (emptied)
        {
            // A tunnel's address lives as long as its node, and goes with the last workload of a node that is gone.
            released = released.AddRange(judged.Where(static item => item.Use == Use.Tunnel).Select(static item => item.Row));
        }

        return new([.. released.OrderBy(static row => row.Ip)], new(suspects.RemoveRange(released.Select(GrantOf))), emptied);
    }

    private static Use UseOf(AddressRow row, IWorkloads workloads)
    {
        if (row.Handle!.EndsWith("-tunnel-addr-" + row.Holder.Name, StringComparison.Ordinal))
        {
            return Use.Tunnel;
        }

        return workloads.Of(row) switch
        {
            Sighting.Unjudged => Use.Unjudged,
            Sighting.Unclear => Use.Workload,
            Sighting.Seen seen when IsUsedBy(row, seen) => Use.Workload,
            _ => Use.None,
        };
    }

    private static bool IsUsedBy(AddressRow row, Sighting.Seen seen) =>
        !seen.HasEnded && (seen.Host is null || seen.Host == row.Holder.Name) && (seen.Addresses is not { } reported || reported.Contains(row.Ip));

    private static bool IsConfirmed(DateTimeOffset since, GarbageTerms terms) =>
        terms.HostIsGone || terms.IsCertain || (terms.Grace > TimeSpan.Zero && since + terms.Grace <= terms.Now);

    private static Grant GrantOf(AddressRow row) => new(row.Ip, row.Generation);

    private enum Use
    {
        None,
        Workload,
        Tunnel,
        Unjudged,
    }
}
