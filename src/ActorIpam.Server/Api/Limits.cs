namespace ActorIpam.Server.Api;

/// <summary>The bounds of what a caller may send (protocol.md §6).</summary>
internal static class Limits
{
    /// <summary>Resources, and lists of addresses to release: 1 MiB.</summary>
    public const int LargeBody = 1024 * 1024;

    /// <summary>Every other call: 64 KiB.</summary>
    public const int SmallBody = 64 * 1024;
}
