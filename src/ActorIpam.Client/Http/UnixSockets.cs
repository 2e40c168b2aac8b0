using System.Net;
using System.Net.Sockets;

namespace ActorIpam.Client.Http;

/// <summary>Ways to a server through a unix socket.</summary>
public static class UnixSockets
{
    /// <summary>A connection as <see cref="System.Net.Http.SocketsHttpHandler.ConnectCallback"/> is to return it.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async ValueTask<Stream> ConnectAsync(EndPoint endpoint, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(endpoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
