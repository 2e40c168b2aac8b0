using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace ActorIpam.EndToEnd.Killing;

/// <summary>Assigns, repeats and releases, and never gives up on a request before it has a definite answer.</summary>
/// <remarks><paramref name="somebody"/> is asked anew for each attempt: whoever serves then.</remarks>
internal sealed class Client(int number, int seed, Func<Task<Api>> somebody, Ledger ledger, Action answered)
{
    private const int MostHeld = 6;

    private readonly Random _chance = new(HashCode.Combine(seed, number));
    private readonly List<Holding> _mine = [];
    private int _requests;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var dice = _chance.Next(10);
            if (_mine.Count == 0 || (dice < 5 && _mine.Count < MostHeld))
            {
                await AssignAsync();
            }
            else if (dice < 6)
            {
                await RepeatAsync(_mine[_chance.Next(_mine.Count)]);
            }
            else
            {
                await ReleaseAsync(_mine[_chance.Next(_mine.Count)]);
            }
        }
    }

    /// <summary>Asks again for everything it holds: the answers must be the same.</summary>
    public async Task RepeatAllAsync()
    {
        foreach (var holding in _mine)
        {
            await RepeatAsync(holding);
        }
    }

    private async Task AssignAsync()
    {
        var (id, handle, host) = ($"c{number}-{_requests}", $"h{number}-{_requests++}", $"host-{_chance.Next(KillTests.Hosts)}");
        var (reply, _) = await DefiniteAsync("/ipam/v1/assign", Texts.Assign(host, handle, requestId: id));
        if (reply.Code != 200)
        {
            ledger.Violated($"{id} was answered {reply.Code}: {reply.Text}");
            return;
        }

        if (reply.Json["ipv4"]!.AsArray() is [{ } a])
        {
            var holding = new Holding(id, host, handle, (string)a["address"]!, (long)a["generation"]!);
            ledger.Acknowledged(holding);
            _mine.Add(holding);
        }
    }

    private async Task RepeatAsync(Holding holding)
    {
        var (reply, _) = await DefiniteAsync("/ipam/v1/assign", Texts.Assign(holding.Host, holding.Handle, requestId: holding.RequestId));
        var same = reply.Code == 200 && reply.Json["ipv4"]!.AsArray() is [{ } a] && (string)a["address"]! == holding.Ip && (long)a["generation"]! == holding.Generation;
        if (!same)
        {
            ledger.Violated($"INV-13: {holding} was answered {reply.Code} when it was repeated: {reply.Text}");
        }
    }

    private async Task ReleaseAsync(Holding holding)
    {
        _mine.Remove(holding);
        ledger.GivingUp(holding);
        var entry = new JsonObject { ["ip"] = holding.Ip, ["handle"] = holding.Handle, ["generation"] = holding.Generation };
        var (reply, attempts) = await DefiniteAsync("/ipam/v1/release", new JsonObject { ["requestId"] = "r-" + holding.RequestId, ["addresses"] = new JsonArray(entry) }.ToJsonString());

        // After a lost answer the address may be free already, or somebody else's: both mean that it is released.
        var released = reply.Code == 200 && (reply.Json["released"]!.AsArray().Count == 1 || (attempts > 1 && reply.Json["unallocated"]!.AsArray().Count + reply.Json["errors"]!.AsArray().Count == 1));
        if (!released)
        {
            ledger.Violated($"INV-2: {holding} was answered {reply.Code} when it was released, attempt {attempts}: {reply.Text}");
        }
    }

    /// <summary>The same request again, to whichever member runs, until the answer is a yes or a no.</summary>
    private async Task<(Reply Reply, int Attempts)> DefiniteAsync(string path, string body)
    {
        for (var attempt = 1; ; attempt++)
        {
            var api = await somebody();
            try
            {
                var reply = await api.PostAsync(path, body);
                if (reply.Code is not (429 or 503))
                {
                    answered();
                    return (reply, attempt);
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or ObjectDisposedException or IOException or SocketException)
            {
                // Killed under us: whether it was done is what the repetition finds out.
            }

            await Task.Yield();
        }
    }
}
