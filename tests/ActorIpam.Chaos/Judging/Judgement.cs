using System.Collections.Immutable;
using ActorIpam.Chaos.Load;
using ActorIpam.Chaos.Nodes;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.InMemory;
using ActorIpam.Simulation.Histories;
using ActorIpam.Simulation.Journal;
using ActorIpam.Simulation.Laws;

namespace ActorIpam.Chaos.Judging;

/// <summary>Holds what clients were told against what the database says became true. The laws are those of the simulator.</summary>
/// <remarks>
/// The laws compare each with each, which millions of attempts do not allow. Addresses are independent, and the tenures of one follow each other: so each address is judged a few tenures at a time,
/// in the order of their generations, with every attempt that names one of them or could end it. Each window begins with the last tenure of the one before, so that neighbours are always compared;
/// grants whose tenures are further apart cannot overlap without one of them being there when its tenure is not, which is INV-2.
/// </remarks>
internal sealed class Judgement
{
    /// <summary>So many tenures are judged at once.</summary>
    private const int Window = 16;

    private readonly Dictionary<string, ImmutableArray<(Entry Entry, int Client)>> _finals = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Client, int Round), List<Entry>> _attempts = [];
    private readonly Dictionary<IpAddress, List<Concern>> _concerns = [];
    private readonly Rounds _rounds = new();
    private readonly HashSet<Violation> _found = [];

    private Judgement(Chronicle chronicle)
    {
        var finals = new Dictionary<string, List<(Entry Entry, int Client)>>(StringComparer.Ordinal);
        foreach (var ledger in chronicle.Ledgers)
        {
            foreach (var entry in ledger.Entries)
            {
                Note(ledger.Client, entry, finals);
            }
        }

        foreach (var (handle, entries) in finals)
        {
            _finals.Add(handle, [.. entries.OrderBy(final => final.Entry.Issued)]);
        }
    }

    /// <exception cref="InvalidOperationException">The database cannot be read.</exception>
    public static async Task<IReadOnlyList<Violation>> OfAsync(Chronicle chronicle, IDatabase database, string schema)
    {
        var judgement = new Judgement(chronicle);
        judgement.JudgeRequests();
        var judged = new HashSet<IpAddress>();
        await foreach (var (ip, tenures) in StoredTenures.ReadAsync(database, schema))
        {
            judged.Add(ip);
            judgement.JudgeAddress(ip, tenures);
        }

        foreach (var ip in judgement._concerns.Keys.Where(ip => !judged.Contains(ip)))
        {
            judgement.JudgeAddress(ip, []);
        }

        return [.. judgement._found.OrderBy(violation => violation.Instant)];
    }

    private void Note(int client, Entry entry, Dictionary<string, List<(Entry Entry, int Client)>> finals)
    {
        _rounds.Note(client, entry);
        if (entry.Kind == Asking.ReleaseFinally)
        {
            Of(finals, Ledger.Handle(client, entry.Round)).Add((entry, client));
            return;
        }

        Of(_attempts, (client, entry.Round)).Add(entry);
        foreach (var held in entry.Addresses)
        {
            Of(_concerns, held.Ip).Add(new(held.Generation, client, entry.Round));
        }
    }

    /// <summary>Only who was answered twice can have been told two things.</summary>
    private void JudgeRequests()
    {
        foreach (var ((client, round), entries) in _attempts.Where(attempts => attempts.Value.Count(entry => entry.Kind == Asking.Assign && entry.Addresses.Length > 0) > 1))
        {
            _found.UnionWith(GrantedOnce.Judge(new([.. entries.Where(entry => entry.Kind == Asking.Assign).Select(entry => Exchanged(client, entry, _ => true))], [], Settled: true)));
        }
    }

    private void JudgeAddress(IpAddress ip, IReadOnlyList<StoredTenure> tenures)
    {
        var byGeneration = tenures.ToLookup(tenure => tenure.Row.Generation);
        var concerns = _concerns.GetValueOrDefault(ip, []).ToLookup(concern => concern.Generation);
        _found.UnionWith(RoundLaws.Judge(ip, tenures, concerns.SelectMany(of => of).ToLookup(concern => concern.Generation, concern => (concern.Client, concern.Round)), _rounds));
        var generations = byGeneration.Select(of => of.Key).Concat(concerns.Select(of => of.Key)).Distinct().Order().ToArray();
        for (var from = 0; from < generations.Length; from += Window)
        {
            var among = generations.AsSpan(Math.Max(0, from - 1)..Math.Min(generations.Length, from + Window)).ToArray();
            JudgeWindow(ip, [.. among.SelectMany(generation => byGeneration[generation])], [.. among.SelectMany(generation => concerns[generation]).Distinct()]);
        }
    }

    private void JudgeWindow(IpAddress ip, IReadOnlyList<StoredTenure> tenures, IReadOnlyList<Concern> concerns)
    {
        var generations = concerns.Select(concern => concern.Generation).ToHashSet();
        var exchanges = concerns.Select(concern => (concern.Client, concern.Round)).Distinct()
            .SelectMany(of => _attempts[of], (of, entry) => (of.Client, Entry: entry))
            .Where(attempt => attempt.Entry.Kind == Asking.Assign || attempt.Entry.Addresses.Any(Concerned))
            .Select(attempt => Exchanged(attempt.Client, attempt.Entry, Concerned))
            .Concat(Finals(tenures, concerns)).OrderBy(exchange => exchange.Asked).ToList();
        var history = new History(exchanges, StoredTenures.Commits(tenures), Settled: true);
        _found.UnionWith(OneHolder.Judge(history));
        _found.UnionWith(NothingLost.Judge(history));
        _found.UnionWith(NothingLeaks.Judge(history));
        _found.UnionWith(ReleasesRelease.Judge(history));
        _found.UnionWith(FinalReleases.Judge(history));

        bool Concerned(Held held) => held.Ip == ip && generations.Contains(held.Generation);
    }

    /// <summary>The final releases of these handles that reach something here: issued no earlier than the first of it, and asked before the last of it was over.</summary>
    private IEnumerable<Exchange> Finals(IReadOnlyList<StoredTenure> tenures, IReadOnlyList<Concern> concerns)
    {
        IEnumerable<(string Handle, long Issued, long Until)> spans = tenures.Select(tenure => (tenure.Row.Handle ?? "", tenure.Row.Issued is { } issued ? StoredTenures.Micros(issued) : 0, tenure.To ?? Exchange.Never))
            .Concat(concerns.Select(concern => (Ledger.Handle(concern.Client, concern.Round), _attempts[(concern.Client, concern.Round)].Where(entry => entry.Kind == Asking.Assign).Min(entry => entry.Issued), 0L)));
        foreach (var of in spans.GroupBy(span => span.Handle))
        {
            var (issued, until) = (of.Min(span => span.Issued), of.Max(span => span.Until));
            var finals = _finals.GetValueOrDefault(of.Key, []);
            var first = finals.BinarySearch((new Entry(default, 0, 0, issued, 0), 0), Comparer<(Entry Entry, int Client)>.Create((one, other) => one.Entry.Issued.CompareTo(other.Entry.Issued)));
            for (var i = first < 0 ? ~first : first; i < finals.Length && finals[i].Entry.Issued <= until; i++)
            {
                yield return Exchanged(finals[i].Client, finals[i].Entry, _ => true);
            }
        }
    }

    /// <summary>The attempt as the laws know it, with those of its addresses that are looked at.</summary>
    private static Exchange Exchanged(int client, Entry entry, Func<Held, bool> isLookedAt)
    {
        var member = $"m{entry.Member + 1}";
        var answered = entry.IsAnswered ? entry.Answered : Exchange.Never;
        var handle = Ledger.Handle(client, entry.Round);
        var issued = StoredTenures.Moment(entry.Issued);
        switch (entry.Kind)
        {
            case Asking.Assign:
                var granted = new AssignAnswer { Ipv4 = [.. entry.Addresses.Where(isLookedAt).Select(held => new AssignedAddress { Address = held.Ip.ToString(), Cidr = "", Block = "", Generation = held.Generation })] };
                return new Exchange.Assigning(member, entry.Asked, new() { Handle = handle, RequestId = Ledger.Request(client, entry.Round), IssuedAt = issued }) { Answered = answered, Answer = Or(entry, granted) };
            case Asking.Release:
                var named = new ReleaseRequest { RequestId = Ledger.Release(client, entry.Round), Addresses = [.. entry.Addresses.Where(isLookedAt).Select(held => new ReleaseEntry(held.Ip.ToString(), handle, held.Generation))] };
                var released = new ReleaseAnswer { Released = [.. entry.Addresses.Where((_, i) => (entry.Released >> i & 1) != 0).Select(held => held.Ip.ToString())] };
                return new Exchange.Releasing(member, entry.Asked, named) { Answered = answered, Answer = Or(entry, released) };
            default:
                return new Exchange.ReleasingHandle(member, entry.Asked, new() { Handle = handle, Final = true, IssuedAt = issued }) { Answered = answered, Answer = Or(entry, new ReleaseHandleAnswer()) };
        }
    }

    private static Answer<T> Or<T>(Entry entry, T value) => entry.Refusal is { } code ? new Refusal(code, "") : value;

    private static List<T> Of<TKey, T>(Dictionary<TKey, List<T>> lists, TKey key)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists.Add(key, list = []);
        }

        return list;
    }

    /// <summary>Somebody was told of an address under this generation, or named it in a release.</summary>
    private readonly record struct Concern(long Generation, int Client, int Round);
}
