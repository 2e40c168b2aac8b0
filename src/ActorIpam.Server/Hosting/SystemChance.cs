using System.Security.Cryptography;
using ActorIpam.EventSourcing;

namespace ActorIpam.Server.Hosting;

/// <summary>Chance as the operating system deals it.</summary>
internal sealed class SystemChance : IChance
{
    /// <summary>Ordered by time, so that rows keyed by it lie together.</summary>
    public Guid NewId() => Guid.CreateVersion7();

    public int Next(int limit) => RandomNumberGenerator.GetInt32(limit);
}
