using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using ActorIpam.Client.Http;

namespace ActorIpam.Cli.Bench;

/// <summary>One caller with one request at a time, and what it holds.</summary>
internal sealed class BenchClient(int number, BenchPlan plan, Members members, Ledger ledger) : IAsyncDisposable
{
    private readonly Dictionary<ServerAddress, KeptConnection> _connections = [];
    private readonly byte[] _body = new byte[1024];
    private readonly Stack<(string Handle, string Address)> _held = new();
    private int _count;

    /// <summary>What is being counted; exchanged between warming up and measuring.</summary>
    public Tally Tally { get; set; } = new();

    /// <summary>Addresses it was granted and has not released.</summary>
    public int Held => _held.Count;

    /// <summary>What it still holds, to be released in any way.</summary>
    public IEnumerable<(string Handle, string Address)> Holdings => _held;

    /// <summary>Handles of requests of which nobody knows what became of them.</summary>
    public List<string> Doubtful { get; } = [];

    /// <summary>Asks for one address.</summary>
    /// <returns>False when there was none left, or no answer that grants one.</returns>
    public async Task<bool> AssignAsync(CancellationToken stop)
    {
        var handle = FormattableString.Invariant($"{plan.Name}-{number}-{_count}");
        var host = plan.Host(number + (_count++ * plan.Clients));
        var (code, answer) = await CallAsync("/ipam/v1/assign", Assign(host, handle), host, handle, stop);
        if (code != 200 || AddressIn(answer.Span) is not { } address)
        {
            return false;
        }

        ledger.Granted(address, handle);
        _held.Push((handle, address));
        return true;
    }

    /// <summary>Releases what it was granted last, by its handle.</summary>
    public async Task ReleaseAsync(bool final, CancellationToken stop)
    {
        var (handle, address) = _held.Pop();
        ledger.Releasing(address);
        await CallAsync("/ipam/v1/release-handle", Release(handle, final), plan.Host(number), handle, stop);
    }

    public void Forget() => _held.Clear();

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections.Values)
        {
            await connection.DisposeAsync();
        }
    }

    private async ValueTask<(int Code, ReadOnlyMemory<byte> Body)> CallAsync(string path, int length, string host, string handle, CancellationToken stop)
    {
        var server = members.For(plan.Route, number, host);
        var begun = Stopwatch.GetTimestamp();
        try
        {
            if (!_connections.TryGetValue(server, out var connection))
            {
                _connections[server] = connection = await KeptConnection.OpenAsync(members.Options, server, stop);
            }

            var answer = await connection.PostAsync(path, _body.AsMemory(0, length), stop);
            if (answer.Code == 200)
            {
                Tally.Took.Add(Stopwatch.GetElapsedTime(begun));
            }
            else
            {
                Tally.Fail(answer.Code.ToString(CultureInfo.InvariantCulture));
                Doubtful.Add(handle);
            }

            return answer;
        }
        catch (Exception e) when (e is IOException or ServerUnreachableException or System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            Tally.Fail("no answer");
            Doubtful.Add(handle);
            if (_connections.Remove(server, out var broken))
            {
                await broken.DisposeAsync();
            }

            return (0, default);
        }
        catch (OperationCanceledException)
        {
            Doubtful.Add(handle);
            throw;
        }
    }

    private int Assign(string host, string handle)
    {
        Utf8.TryWrite(
            _body, CultureInfo.InvariantCulture,
            $$"""{"host":"{{host}}","handle":"{{handle}}",{{Family}}":1,{{Family}}Pools":["{{plan.Name}}"],"maxBlocks":{{plan.Most}},"requestId":"{{handle}}","issuedAt":"{{DateTimeOffset.UtcNow:O}}"}""",
            out var length);
        return length;
    }

    private string Family => plan.Pool.Family == Domain.Addressing.IpFamily.V4 ? "\"ipv4" : "\"ipv6";

    private int Release(string handle, bool final)
    {
        int length;
        if (final)
        {
            Utf8.TryWrite(_body, CultureInfo.InvariantCulture, $$"""{"handle":"{{handle}}","final":true,"issuedAt":"{{DateTimeOffset.UtcNow:O}}"}""", out length);
        }
        else
        {
            Utf8.TryWrite(_body, CultureInfo.InvariantCulture, $$"""{"handle":"{{handle}}"}""", out length);
        }

        return length;
    }

    private static string? AddressIn(ReadOnlySpan<byte> answer)
    {
        var at = answer.IndexOf("\"address\":\""u8);
        if (at < 0)
        {
            return null;
        }

        var text = answer[(at + "\"address\":\"".Length)..];
        return Encoding.ASCII.GetString(text[..text.IndexOf((byte)'"')]);
    }
}
