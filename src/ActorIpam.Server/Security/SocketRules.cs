using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Domain.Access;
using ActorIpam.Server.Options;

namespace ActorIpam.Server.Security;

/// <summary>What the users of the unix socket may do: root and the user this member runs as everything, others what a rule says.</summary>
internal sealed record SocketRules(ImmutableArray<SocketRule> Rules)
{
    private static readonly Lazy<uint?> Own = new(EffectiveUser);

    /// <param name="text"><c>uid:1000=viewer,gid:990=allocator:rack-1</c>; null for no rules.</param>
    /// <exception cref="BadOptionException">A rule cannot be read.</exception>
    public static SocketRules Parse(string? text) =>
        new([.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(SocketRule.Parse)]);

    /// <summary>The first rule that fits counts: those of the user before those of its groups.</summary>
    public Caller CallerOf(PeerCredentials peer)
    {
        var name = $"uid:{peer.User.ToString(CultureInfo.InvariantCulture)}";
        if (peer.User == 0 || peer.User == Own.Value)
        {
            return new(name, AccessRole.Operator);
        }

        var rule = Rules.FirstOrDefault(rule => !rule.IsGroup && rule.Id == peer.User) ?? Rules.FirstOrDefault(rule => rule.IsGroup && peer.Groups.Contains(rule.Id));
        return new(name, rule?.Role, rule?.Host);
    }

    /// <summary>The user this member runs as, in the same user namespace in which the kernel tells those of others.</summary>
    private static uint? EffectiveUser()
    {
        // Uid: real, effective, saved, file system (proc(5)).
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        return line?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [_, _, var effective, ..] ? uint.Parse(effective, CultureInfo.InvariantCulture) : null;
    }
}

/// <param name="IsGroup">Whether <paramref name="Id"/> is a group's.</param>
/// <param name="Id">A user's or group's number, as the member's user namespace sees it.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Host">The host of an allocator; null for others.</param>
internal sealed record SocketRule(bool IsGroup, uint Id, AccessRole Role, string? Host)
{
    /// <exception cref="BadOptionException">It cannot be read.</exception>
    public static SocketRule Parse(string text)
    {
        if (text.Split('=', 2) is [var who, var what]
            && who.Split(':', 2) is ["uid" or "gid", var number]
            && uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && what.Split(':', 2) is [var word, .. var rest]
            && AccessRoles.Parse(word) is { } role
            && (role == AccessRole.Allocator) == rest is [{ Length: > 0 }])
        {
            return new(who.StartsWith('g'), id, role, rest.FirstOrDefault());
        }

        throw new BadOptionException($"--socket-allow: '{text}' is no rule such as uid:1000=viewer or gid:990=allocator:rack-1; roles are {AccessRoles.Words}, and an allocator names its host.");
    }
}
