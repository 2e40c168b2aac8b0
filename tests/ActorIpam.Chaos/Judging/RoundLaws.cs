using ActorIpam.Chaos.Load;
using ActorIpam.Domain.Addressing;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Laws;

namespace ActorIpam.Chaos.Judging;

/// <summary>
/// What the simulator cannot ask of its clients, because theirs do as they like: each round here is one request and its release, and the next begins when that is answered. So every holding that the database
/// ever knew belongs to one round, is what that round was told, and is over when its release is answered – not only at the end of the run.
/// </summary>
internal static class RoundLaws
{
    /// <summary>All holdings of one address, and who was told of each.</summary>
    /// <param name="ip">The address.</param>
    /// <param name="tenures">What the database says.</param>
    /// <param name="told">Who was told of it, by the generation they were told.</param>
    /// <param name="rounds">All rounds there were.</param>
    public static IEnumerable<Violation> Judge(IpAddress ip, IEnumerable<StoredTenure> tenures, ILookup<long, (int Client, int Round)> told, Rounds rounds) =>
        told.SelectMany(of => ToldTwice(ip, of)).Concat(tenures.SelectMany(tenure => OfTenure(tenure, rounds)));

    private static IEnumerable<Violation> ToldTwice(IpAddress ip, IGrouping<long, (int Client, int Round)> told)
    {
        if (told.Distinct().ToArray() is { Length: > 1 } several)
        {
            yield return new("INV-1", 0, $"{ip} g{told.Key} was told to {string.Join(" and ", several.Select(of => Ledger.Request(of.Client, of.Round)))}.");
        }
    }

    private static IEnumerable<Violation> OfTenure(StoredTenure tenure, Rounds rounds)
    {
        var row = tenure.Row;
        var what = $"{row.Ip} g{row.Generation}";
        if (rounds.Find(row.Handle, row.Issued is { } issued ? StoredTenures.Micros(issued) : 0) is not { } round)
        {
            yield return new("INV-3", tenure.From, $"{what} was given to {row.Handle}, issued at {row.Issued:O}, and nobody asked for that.");
            yield break;
        }

        if (round.Told.Length > 0 && !round.Told.Contains(new(row.Ip, row.Generation)))
        {
            yield return new("INV-13", tenure.From, $"{what} was given for {round}, which was told {string.Join(", ", round.Told)}.");
        }
        else if (round is { IsTold: true, Told.Length: 0, Silent: 0 })
        {
            yield return new("INV-3", tenure.From, $"{what} was given for {round}, which was told \"no\" by the only member it asked.");
        }

        if (round.Over > 0 && (tenure.To ?? Exchange.Never) > round.Over)
        {
            yield return new("INV-3", round.Over, $"{what} was still held for {round} when its release was answered.");
        }
    }
}
