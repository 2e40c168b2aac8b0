using System.Net;
using System.Net.Sockets;

namespace ActorIpam.JournalContract.Postgres;

/// <summary>Stands between a journal and its server on loopback, and can swallow what the server says, keep what is sent to it, or cut every connection.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TcpClient> _open = [];
    private readonly Dictionary<TcpClient, Task> _carried = [];
    private readonly HashSet<TcpClient> _delayed = [];
    private readonly HashSet<TcpClient> _late = [];
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _server;
    private readonly Task _accepting;

    private Proxy(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>True while nothing the server says arrives; what is sent to it does.</summary>
    public bool SwallowsAnswers { get; set; }

    /// <param name="server">The port of the server on loopback.</param>
    public static Proxy Before(int server) => new(server);

    /// <summary>What is sent over the connections that are open now arrives with <see cref="ArriveAsync"/> and no sooner. New ones are free.</summary>
    public void Delay()
    {
        lock (_open)
        {
            _delayed.UnionWith(_carried.Keys);
        }
    }

    /// <summary>What was delayed arrives. Returns when the connections it came over have ended, at whichever end.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> ArriveAsync()
    {
        Task[] late;
        lock (_open)
        {
            late = [.. _late.Select(near => _carried[near])];
        }

        _arrived.SetResult();
        await Task.WhenAll(late);
        return late.Length;
    }

    /// <summary>Cuts all connections, in the middle of whatever they do.</summary>
    /// <returns>How many there were.</returns>
    public int Cut()
    {
        lock (_open)
        {
            var cut = _open.Count(one => one.Connected) / 2;
            _open.ForEach(static one => one.Close());
            _open.Clear();
            return cut;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_stop.Token);
                var far = new TcpClient { NoDelay = true };
                lock (_open)
                {
                    _open.AddRange([near, far]);
                    _carried.Add(near, CarryAsync(near, far));
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy was closed.
        }
    }

    private async Task CarryAsync(TcpClient near, TcpClient far)
    {
        try
        {
            near.NoDelay = true;
            await far.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
            await Task.WhenAny(PumpAsync(near, far, answers: false), PumpAsync(far, near, answers: true));
        }
        catch (Exception broken) when (broken is SocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // A server that is down refuses; the other side learns it by the end of its connection.
        }

        near.Close();
        far.Close();
    }

    private bool IsLate(TcpClient near)
    {
        lock (_open)
        {
            if (!_delayed.Contains(near))
            {
                return false;
            }

            _late.Add(near);
            return true;
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool answers)
    {
        var buffer = new byte[16_384];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var length)
            {
                if (!answers && IsLate(from))
                {
                    await _arrived.Task;
                }

                if (!answers || !SwallowsAnswers)
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, length), _stop.Token);
                }
            }
        }
        catch (Exception broken) when (broken is SocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut; the caller closes both ends.
        }
    }
}
