using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;
using ActorIpam.Simulation.Histories;

namespace ActorIpam.Chaos.Load;

/// <summary>A pod that comes and goes on a host: it assigns, asks again, releases plainly or for good, and never gives up on a request before it has a definite answer.</summary>
internal sealed class PodClient(int number, string host, int seed, ImmutableArray<Endpoint> members, Chronicle chronicle, Pace pace)
{
    /// <summary>The pools there are.</summary>
    public const string Crowded = "crowded", Roomy = "roomy";

    /// <summary>Longer than a member may wait for another one before it serves by itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Random _chance = new(HashCode.Combine(seed, number));
    private int _at = number % members.Length;
    private int _count;
    private AssignRequest? _last;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var handle = string.Create(CultureInfo.InvariantCulture, $"pod-{number}-{_count++ % 7}");
            if (await AssignAsync(handle, string.Create(CultureInfo.InvariantCulture, $"{handle}-{_count}")) is { Length: > 0 } granted)
            {
                if (_chance.Next(5) == 0)
                {
                    await AskAgainAsync();
                }

                await (_chance.Next(2) == 0 ? ReleaseAsync(handle, granted) : ReleaseFinallyAsync(handle));
            }
        }
    }

    private Task<ImmutableArray<AssignedAddress>?> AskAgainAsync() => AssignAsync(_last!);

    private Task<ImmutableArray<AssignedAddress>?> AssignAsync(string handle, string requestId)
    {
        // Most want an address and do not care; some want one where there are too few.
        _last = new() { Host = host, Handle = handle, Ipv4 = _chance.Next(8) == 0 ? 2 : 1, Ipv4Pools = [_chance.Next(8) == 0 ? Crowded : Roomy], RequestId = requestId, IssuedAt = Now() };
        return AssignAsync(_last);
    }

    private Task<ImmutableArray<AssignedAddress>?> AssignAsync(AssignRequest request) => DefiniteAsync<ImmutableArray<AssignedAddress>?>(
        "ipam/v1/assign", JsonSerializer.Serialize(request, ApiJson.Default.AssignRequest), (member, asked, answer) =>
        {
            if (answer is not var (code, body))
            {
                return (new Exchange.Assigning(member, asked, request), null);
            }

            if (code != 200)
            {
                return (new Exchange.Assigning(member, asked, request) { Answered = Chronicle.Now, Answer = RefusalOf(code, body) }, []);
            }

            var reply = JsonSerializer.Deserialize(body, ApiJson.Default.AssignReply)!;
            var granted = new AssignAnswer { Ipv4 = reply.Ipv4.IsDefault ? [] : reply.Ipv4 };
            return (new Exchange.Assigning(member, asked, request) { Answered = Chronicle.Now, Answer = granted }, granted.Ipv4);
        });

    private Task ReleaseAsync(string handle, ImmutableArray<AssignedAddress> addresses)
    {
        var request = new ReleaseRequest { RequestId = "r-" + _last!.RequestId, Addresses = [.. addresses.Select(a => new ReleaseEntry(a.Address, handle, a.Generation))] };
        return DefiniteAsync(
            "ipam/v1/release", JsonSerializer.Serialize(request, ApiJson.Default.ReleaseRequest), (member, asked, answer) => answer is not var (code, body)
                ? (new Exchange.Releasing(member, asked, request), null)
                : (new Exchange.Releasing(member, asked, request) { Answered = Chronicle.Now, Answer = code == 200 ? Read(body) : RefusalOf(code, body) }, "done"));

        static ReleaseAnswer Read(byte[] body)
        {
            var answer = JsonSerializer.Deserialize(body, ApiJson.Default.ReleaseAnswer)!;
            return new() { Released = Given(answer.Released), Unallocated = Given(answer.Unallocated), Errors = Given(answer.Errors) };
        }
    }

    private Task ReleaseFinallyAsync(string handle)
    {
        var request = new ReleaseHandleRequest { Handle = handle, Final = true, IssuedAt = Now() };
        return DefiniteAsync(
            "ipam/v1/release-handle", JsonSerializer.Serialize(request, ApiJson.Default.ReleaseHandleRequest), (member, asked, answer) => answer is not var (code, body)
                ? (new Exchange.ReleasingHandle(member, asked, request), null)
                : (new Exchange.ReleasingHandle(member, asked, request)
                {
                    Answered = Chronicle.Now,
                    Answer = code == 200 ? new ReleaseHandleAnswer { Released = Given(JsonSerializer.Deserialize(body, ApiJson.Default.ReleaseHandleAnswer)!.Released) } : RefusalOf(code, body),
                }, "done"));
    }

    /// <summary>The same request, to one member after the other, until somebody says yes or no.</summary>
    private async Task<T> DefiniteAsync<T>(string path, string body, Func<string, long, (int Code, byte[] Body)?, (Exchange Exchange, T? Told)> read)
    {
        await pace.NextAsync();
        var inVain = ImmutableArray<Attempt>.Empty;
        for (var first = Chronicle.Now; ;)
        {
            var member = members[_at];
            var asked = Chronicle.Now;
            var answer = await member.AskAsync(HttpMethod.Post, path, body, Patience);
            var isDefinite = answer.Code is not (0 or 429 or 503 or 504);
            var (exchange, told) = read(member.Member, asked, isDefinite ? answer : null);
            chronicle.Add(exchange);
            if (told is not null)
            {
                chronicle.Waited(new(path, first, Chronicle.Now, answer.Code != 200, inVain));
                return told;
            }

            // It moves on at once; when all have failed it waits a little.
            inVain = inVain.Add(new(member.Member, answer.Code, Chronicle.Now - asked));
            _at = (_at + 1) % members.Length;
            if (inVain.Length % members.Length == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20 + _chance.Next(60)));
            }
        }
    }

    /// <summary>As journals keep it: microseconds.</summary>
    private static DateTimeOffset Now() => DateTimeOffset.UnixEpoch.AddMicroseconds(Chronicle.Now);

    private static ImmutableArray<T> Given<T>(ImmutableArray<T> list) => list.IsDefault ? [] : list;

    private static Refusal RefusalOf(int code, byte[] body)
    {
        var status = JsonSerializer.Deserialize(body, ApiJson.Default.Status);
        var reason = status?.Details?.Causes is [var first, ..] ? first.Reason : status?.Reason;
        return new(Enum.TryParse<RefusalCode>(reason, out var known) ? known : RefusalCode.Invalid, $"{code}: {status?.Message}");
    }
}
