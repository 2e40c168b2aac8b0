using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Checking;

/// <summary>Looks for requests whose grant nobody ever had: a repeat is answered with the row (INV-13), so its addresses must have been given.</summary>
/// <remarks>Requests are read before addresses and these before history: what is released meanwhile is found where it went.</remarks>
internal sealed class RequestCheck(MemberPorts ports, Findings findings)
{
    private const int PerPage = 500;

    /// <summary>How many bits of addresses are read at once with their history, and how many such ranges are remembered.</summary>
    private const int TogetherBits = 6, MostRemembered = 2_000;

    private readonly Dictionary<Cidr, HashSet<Grant>> _past = [];

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (ports is not { Due: { } due, Past: { } past })
        {
            return;
        }

        var before = ports.Time.GetUtcNow() + TimeSpan.FromDays(1);
        ImmutableArray<OldRequest> page = [];
        do
        {
            page = await due.OldRequestsAsync(before, page.IsEmpty ? null : page[^1], PerPage, cancellation);
            foreach (var request in page)
            {
                findings.Pass("requests");
            }

            // Who was granted one address and holds it needs no second look.
            var doubtful = page.Where(static request => !request.IsHeld || request.Grant.Length > 1).ToList();
            var held = (await ports.Views.AddressesAsync([.. doubtful.SelectMany(static request => request.Grant).Select(static grant => grant.Ip).Distinct()], cancellation))
                .Select(static row => new Grant(row.Ip, row.Generation)).ToHashSet();
            foreach (var request in doubtful)
            {
                await CheckAsync(request, held, past, cancellation);
            }
        }
        while (page.Length == PerPage);
    }

    private async Task CheckAsync(OldRequest row, HashSet<Grant> held, IPastViews past, CancellationToken cancellation)
    {
        foreach (var grant in row.Grant.Where(grant => !held.Contains(grant)))
        {
            var wasHeld = await WasHeldAsync(grant, past, cancellation)
                || (await ports.Views.HistoryAsync(grant.Ip, cancellation)).Any(past => past.Held.Generation == grant.Generation);

            // What was given and released before the horizon is forgotten on purpose.
            if (!wasHeld && (await past.HorizonAsync(cancellation) is not { } horizon || row.At >= horizon) && await ports.Views.RequestAsync(row.Id, cancellation) is { } still && still.At == row.At)
            {
                findings.Add(
                    CheckKind.RequestUnknown, row.Id,
                    $"It is on record since {row.At.UtcDateTime:O} that {grant.Ip} was granted under generation {grant.Generation}; nobody holds or ever held that.");
            }
        }
    }

    /// <summary>By what is remembered of the addresses around it: who is not found in it is looked up anew before anything is said.</summary>
    private async Task<bool> WasHeldAsync(Grant grant, IPastViews past, CancellationToken cancellation)
    {
        var range = Cidr.Containing(grant.Ip, (grant.Ip.Family == IpFamily.V4 ? 32 : 128) - TogetherBits);
        if (!_past.TryGetValue(range, out var known))
        {
            if (_past.Count == MostRemembered)
            {
                _past.Clear();
            }

            _past[range] = known = (await past.HistoryInAsync(range, cancellation)).Select(static row => new Grant(row.Held.Ip, row.Held.Generation)).ToHashSet();
        }

        return known.Contains(grant);
    }
}
