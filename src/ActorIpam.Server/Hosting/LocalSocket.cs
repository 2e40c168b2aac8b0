using System.Net.Sockets;

namespace ActorIpam.Server.Hosting;

/// <summary>The unix socket for clients on this machine.</summary>
internal static class LocalSocket
{
    /// <summary>Owner and group may connect, nobody else.</summary>
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>Makes room for the socket: removes what a killed member left, refuses one that somebody listens on.</summary>
    /// <exception cref="CannotStartException">The path is taken or cannot be used.</exception>
    public static void Prepare(string path)
    {
        try
        {
            var endpoint = new UnixDomainSocketEndPoint(path);
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            if (!File.Exists(path))
            {
                return;
            }

            if (Answers(endpoint) || new FileInfo(path).Length > 0)
            {
                throw new CannotStartException($"--socket {path}: something is there already.");
            }

            File.Delete(path);
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"--socket {path}: {e.Message}", e);
        }
    }

    /// <summary>Restricts the socket's file between bind and listen, before anybody can connect.</summary>
    public static void Restrict(UnixDomainSocketEndPoint endpoint)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(endpoint.ToString()!, Mode);
        }
    }

    private static bool Answers(UnixDomainSocketEndPoint endpoint)
    {
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(endpoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
