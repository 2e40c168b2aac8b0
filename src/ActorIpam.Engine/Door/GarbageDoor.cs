using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Garbage;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Door;

/// <summary>Where container runtimes say what they still have; everything else of theirs is released, finally (protocol.md §5, gc).</summary>
internal sealed class GarbageDoor(Workplace workplace, ReleaseDoor releases)
{
    private const int MostKept = 20_000, RowsPerPage = 10_000;

    public async Task<Answer<GarbageAnswer>> CollectAsync(GarbageRequest request, CancellationToken cancellation)
    {
        var checks = new Checks();
        var keep = request.Keep.OrEmpty();
        Check(request, keep, checks);
        if (checks.AreBad)
        {
            return checks.Refusals;
        }

        var issuedAt = request.IssuedAt.Whole()!.Value;
        var terms = new GarbageTerms(workplace.Ports.Time.Reading(), HostIsGone: false, TimeSpan.Zero) { IsCertain = true };
        async Task<GarbageVerdict> JudgeAsync() =>
            GarbageJudge.Judge(await HeldAsync(Owner.Host(request.Host!), cancellation), new RuntimeList(request.Network!, keep, issuedAt), Suspects.None, terms);

        // The answer says also of what is not there that it is gone.
        var verdict = await workplace.SettledAsync(await JudgeAsync(), JudgeAsync, static (one, other) => one.Released.Select(Named).SequenceEqual(other.Released.Select(Named)), cancellation);
        var released = new List<IpAddress>();
        foreach (var handle in verdict.Released.GroupBy(static row => row.Handle!))
        {
            released.AddRange(await releases.CollectAsync(handle.Key, [.. handle], issuedAt, cancellation));
        }

        return new GarbageAnswer { Released = [.. released.Order().Select(static ip => ip.ToString())] };
    }

    private static Grant Named(AddressRow row) => new(row.Ip, row.Generation);

    private static void Check(GarbageRequest request, ImmutableArray<string> keep, Checks checks)
    {
        checks.Host(request.Host);
        if (string.IsNullOrEmpty(request.Network) || request.Network.Length > Checks.MostHandle || request.Network.Any(char.IsControl) || request.Network.Contains('/', StringComparison.Ordinal))
        {
            checks.Say(RefusalCode.Invalid, "network", $"network is required: 1 to {Checks.MostHandle} printable characters without a slash.");
        }

        if (request.IssuedAt is null)
        {
            checks.Say(RefusalCode.Invalid, "issuedAt", "issuedAt is required: it says which assignments the list is later than.");
        }

        if (keep.Length > MostKept)
        {
            checks.Say(RefusalCode.TooMany, "keep", $"At most {MostKept} handles, not {keep.Length}.");
        }
        else if (keep.IndexOf(null!) is var at && at >= 0)
        {
            checks.Say(RefusalCode.Invalid, $"keep[{at}]", "A handle must not be null.");
        }
    }

    private async Task<ImmutableArray<AddressRow>> HeldAsync(Owner host, CancellationToken cancellation)
    {
        var held = ImmutableArray.CreateBuilder<AddressRow>();
        for (IpAddress? after = null; ;)
        {
            var page = await workplace.Ports.Views.FindAddressesAsync(new() { Holder = host, Limit = RowsPerPage, After = after }, cancellation);
            held.AddRange(page.Items);
            if (!page.More)
            {
                return held.ToImmutable();
            }

            after = page.Items[^1].Ip;
        }
    }
}
