using System.Collections.Immutable;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ActorIpam.Server.Security;

/// <summary>Who connected to the unix socket, as the kernel knows it since the moment of the connection (SO_PEERCRED).</summary>
/// <remarks>The process id the kernel tells as well is left alone: by the time it is looked at, it may be another process.</remarks>
/// <param name="User">The effective user id, as this member's user namespace sees it.</param>
/// <param name="Groups">The effective group id and the supplementary ones.</param>
internal sealed record PeerCredentials(uint User, ImmutableArray<uint> Groups)
{
    // Linux, asm-generic/socket.h. A struct ucred is three 32-bit numbers: process, user, group.
    private const int SocketLevel = 1, PeerCredOption = 17, PeerGroupsOption = 59, CredentialBytes = 12, MostGroups = 1024;

    /// <summary>Null where the kernel does not tell.</summary>
    public static PeerCredentials? Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || socket.AddressFamily != AddressFamily.Unix)
        {
            return null;
        }

        Span<byte> told = stackalloc byte[CredentialBytes];
        try
        {
            return socket.GetRawSocketOption(SocketLevel, PeerCredOption, told) == CredentialBytes
                ? new(MemoryMarshal.Read<uint>(told[4..]), [MemoryMarshal.Read<uint>(told[8..]), .. SupplementaryOf(socket)])
                : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static ImmutableArray<uint> SupplementaryOf(Socket socket)
    {
        var told = new byte[MostGroups * sizeof(uint)];
        try
        {
            return [.. MemoryMarshal.Cast<byte, uint>(told.AsSpan(0, socket.GetRawSocketOption(SocketLevel, PeerGroupsOption, told)))];
        }
        catch (SocketException)
        {
            // An old kernel, or somebody in more groups than that: the effective group still counts.
            return [];
        }
    }
}
