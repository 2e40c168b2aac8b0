using System.Collections.Immutable;
using System.Text.Json;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Chaos.Load;

/// <summary>A pod that comes and goes on a host: it assigns, asks again, releases plainly or for good, and never gives up on a request before it has a definite answer.</summary>
internal sealed class PodClient(Ledger ledger, string host, int seed, ImmutableArray<Endpoint> members, Chronicle chronicle, Pace pace, Action<string> complain)
{
    /// <summary>The pools there are.</summary>
    public const string Crowded = "crowded", Roomy = "roomy";

    /// <summary>Longer than a member may wait for another one before it serves by itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private static readonly ImmutableArray<string> InCrowded = [Crowded], InRoomy = [Roomy];

    private readonly Random _chance = new(unchecked((seed * 8191) + ledger.Client));
    private int _at = ledger.Client % members.Length;

    /// <summary>One round after the other.</summary>
    /// <param name="stop">No further round is begun; this one is ended.</param>
    /// <param name="giveUp">Nothing is asked again.</param>
    /// <exception cref="OperationCanceledException">It had to give up.</exception>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp)
    {
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            // Who had to go elsewhere comes back now and then: otherwise nobody would know whether the member he left serves again.
            if (_chance.Next(10) == 0)
            {
                _at = ledger.Client % members.Length;
            }

            // Most want an address and do not care; some want one where there are too few.
            var request = new AssignRequest
            {
                Host = host,
                Handle = Ledger.Handle(ledger.Client, round),
                Ipv4 = _chance.Next(8) == 0 ? 2 : 1,
                Ipv4Pools = _chance.Next(8) == 0 ? InCrowded : InRoomy,
                RequestId = Ledger.Request(ledger.Client, round),
                IssuedAt = Moment(Chronicle.Now),
            };
            var granted = await AssignAsync(round, request, stop, giveUp);
            if (granted.Addresses.Length < request.Ipv4 && request.Ipv4Pools == InRoomy)
            {
                complain($"{request.RequestId} was granted {granted.Addresses.Length} of {request.Ipv4} addresses where there is room for everybody.");
            }

            if (granted.Addresses.Length > 0 && _chance.Next(5) == 0)
            {
                var again = await AssignAsync(round, request, stop, giveUp);
                if (!again.Addresses.Order(Held.ByAddress).SequenceEqual(granted.Addresses.Order(Held.ByAddress)))
                {
                    complain($"INV-13: {request.RequestId} was told {string.Join(", ", granted.Addresses)}, and when it asked again {string.Join(", ", again.Addresses)}.");
                }
            }

            if (granted.Addresses.Length > 0 && _chance.Next(2) == 0)
            {
                await ReleaseAsync(round, granted.Addresses, stop, giveUp);
            }
            else if (granted.Addresses.Length > 0 || granted.InVain > 0)
            {
                // Who was refused after an attempt that told nothing may be granted by that attempt yet (docs/decisions/0006): he says that he does not want it.
                await ReleaseFinallyAsync(round, request.Handle, stop, giveUp);
            }
        }
    }

    private async Task<(Held[] Addresses, int InVain)> AssignAsync(int round, AssignRequest request, CancellationToken stop, CancellationToken giveUp)
    {
        var issued = Micros(request.IssuedAt!.Value);
        var (entry, inVain) = await DefiniteAsync("ipam/v1/assign", JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.AssignRequest), (member, asked) => new(Asking.Assign, round, member, issued, asked), (asked, body) =>
        {
            var reply = JsonSerializer.Deserialize(body, ApiJson.Default.AssignReply)!;
            return asked with { Addresses = reply.Ipv4.IsDefaultOrEmpty ? [] : [.. reply.Ipv4.Select(address => new Held(IpAddress.Parse(address.Address), address.Generation))] };
        }, stop, giveUp);
        return (entry.Addresses, inVain);
    }

    private Task ReleaseAsync(int round, Held[] addresses, CancellationToken stop, CancellationToken giveUp)
    {
        var handle = Ledger.Handle(ledger.Client, round);
        var request = new ReleaseRequest { RequestId = Ledger.Release(ledger.Client, round), Addresses = [.. addresses.Select(held => new ReleaseEntry(held.Ip.ToString(), handle, held.Generation))] };
        return DefiniteAsync("ipam/v1/release", JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.ReleaseRequest), (member, asked) => new(Asking.Release, round, member, 0, asked) { Addresses = addresses }, (asked, body) =>
        {
            var answer = JsonSerializer.Deserialize(body, ApiJson.Default.ReleaseAnswer)!;
            var released = 0UL;
            for (var i = 0; i < addresses.Length && !answer.Released.IsDefault; i++)
            {
                released |= answer.Released.Contains(request.Addresses[i].Ip!) ? 1UL << i : 0;
            }

            return asked with { Released = released };
        }, stop, giveUp);
    }

    private Task ReleaseFinallyAsync(int round, string? handle, CancellationToken stop, CancellationToken giveUp)
    {
        var issued = Chronicle.Now;
        var request = new ReleaseHandleRequest { Handle = handle, Host = host, Final = true, IssuedAt = Moment(issued) };
        return DefiniteAsync(
            "ipam/v1/release-handle", JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.ReleaseHandleRequest), (member, asked) => new(Asking.ReleaseFinally, round, member, issued, asked), (asked, _) => asked, stop, giveUp);
    }

    /// <summary>The same request, to one member after the other, until somebody says yes or no.</summary>
    /// <returns>What was noted of the attempt that told, and how many told nothing.</returns>
    private async Task<(Entry Entry, int InVain)> DefiniteAsync(
        string path, byte[] body, Func<byte, long, Entry> ask, Func<Entry, byte[], Entry> read, CancellationToken stop, CancellationToken giveUp)
    {
        await pace.NextAsync(stop);
        var inVain = ImmutableArray<Attempt>.Empty;
        for (var first = Chronicle.Now; ;)
        {
            var member = members[_at];
            var entry = ask((byte)_at, Chronicle.Now);
            var (code, answer) = await member.AskAsync(HttpMethod.Post, path, body, Patience);
            chronicle.Attempted();
            if (code is not (0 or 429 or 503 or 504))
            {
                entry = (code == 200 ? read(entry, answer) : entry with { Refusal = RefusalOf(answer) }) with { Answered = Chronicle.Now };
                ledger.Add(entry);
                ledger.Add(new Wait(path, first, entry.Answered, code != 200 || entry is { Kind: Asking.Assign, Addresses: [] }, inVain));
                if (code != 200)
                {
                    // What is asked here can always be done: who finds no room is told so with 200.
                    complain($"{path} of {Ledger.Request(ledger.Client, entry.Round)} was refused by {member.Member}: {code} {entry.Refusal}.");
                }

                chronicle.Answered(entry.Answered);
                return (entry, inVain.Length);
            }

            ledger.Add(entry);
            giveUp.ThrowIfCancellationRequested();

            // It moves on at once; when all have failed it waits a little.
            inVain = inVain.Add(new(member.Member, code, Chronicle.Now - entry.Asked));
            _at = (_at + 1) % members.Length;
            if (inVain.Length % members.Length == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20 + _chance.Next(60)), giveUp);
            }
        }
    }

    /// <summary>As journals keep it: microseconds.</summary>
    private static DateTimeOffset Moment(long micros) => DateTimeOffset.UnixEpoch.AddMicroseconds(micros);

    private static long Micros(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static RefusalCode RefusalOf(byte[] body)
    {
        var status = JsonSerializer.Deserialize(body, ApiJson.Default.Status);
        var reason = status?.Details?.Causes is [var first, ..] ? first.Reason : status?.Reason;
        return Enum.TryParse<RefusalCode>(reason, out var known) ? known : RefusalCode.Invalid;
    }
}
