using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.EventSourcing;
using ActorIpam.JournalContract.Members;

namespace ActorIpam.JournalContract.Portable;

/// <summary>A member whose callers assign and release without a pause, until they are told to stop.</summary>
internal sealed class BusyMember : IAsyncDisposable
{
    private const int Callers = 8, Hosts = 4;

    private readonly OpenPlace _place;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _callers = [];
    private int _done;

    private BusyMember(OpenPlace place, Member member) => (_place, Member) = (place, member);

    public Member Member { get; }

    /// <summary>How many calls were answered.</summary>
    public int Done => Volatile.Read(ref _done);

    public static async Task<BusyMember> StartAsync(Place place, CancellationToken cancellation)
    {
        var open = await place.OpenAsync();
        var member = Member.Start(new(open.Journal, open.Views, TimeProvider.System, new SomeMembers.Chance()) { Past = open.Past }, new() { Name = "busy" });
        for (var host = 0; host < Hosts; host++)
        {
            await member.Door.CreateAsync(new Node(new($"host-{host}"), new()), dryRun: false, cancellation);
        }

        await member.Door.CreateAsync(new IpPool(new("web"), new() { Cidr = "10.0.0.0/22", BlockSize = 28 }), dryRun: false, cancellation);
        await member.Door.CreateAsync(new IpPool(new("web-v6"), new() { Cidr = "fd00::/112", BlockSize = 122 }), dryRun: false, cancellation);
        var busy = new BusyMember(open, member);
        for (var caller = 0; caller < Callers; caller++)
        {
            busy._callers.Add(busy.CallAsync(caller));
        }

        return busy;
    }

    /// <summary>Returns when so many more calls were answered.</summary>
    public async Task WorksAsync(int calls, CancellationToken cancellation)
    {
        for (var until = Done + calls; Done < until;)
        {
            await Task.Delay(5, cancellation);
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_callers);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Member.DisposeAsync();
        await _place.DisposeAsync();
        _stop.Dispose();
    }

    private async Task CallAsync(int caller)
    {
        for (var call = 0; !_stop.IsCancellationRequested; call++)
        {
            var handle = $"pod-{caller}-{call}";
            var request = new Domain.Requests.AssignRequest
            {
                Host = $"host-{caller % Hosts}",
                Handle = handle,
                Use = "Workload",
                Ipv4 = 1,
                Ipv6 = call % 2,
                Attributes = call % 3 == 0 ? Metadata.EmptyMap.Add("pod", "\u00e9 \"quoted\" \U0001F600").Add("Pod", handle) : null,
                IssuedAt = call % 5 == 0 ? TimeProvider.System.GetUtcNow() : null,
            };
            await Member.Door.AssignAsync(request, CancellationToken.None);
            if (call % 4 != 0)
            {
                await Member.Door.ReleaseHandleAsync(new() { Handle = handle, Final = call % 8 == 1, IssuedAt = call % 8 == 1 ? TimeProvider.System.GetUtcNow() : null }, CancellationToken.None);
            }

            Interlocked.Increment(ref _done);
        }
    }
}
