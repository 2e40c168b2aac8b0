using System.Collections.Immutable;
using System.Net;

namespace ActorIpam.Cli.Certificates;

/// <summary>A member that gets a certificate, and how others reach it.</summary>
/// <param name="Member">Its name, which also names the files.</param>
/// <param name="Names">Host names and IP addresses; the member's name is among them.</param>
internal sealed record MemberIdentity(string Member, ImmutableArray<string> Names)
{
    private const int LongestName = 64;

    /// <param name="text"><c>NAME</c> or <c>NAME=HOST,IP…</c>; without hosts it is reached on this machine.</param>
    /// <exception cref="CommandFailure">It is neither.</exception>
    public static MemberIdentity Parse(string text)
    {
        var parts = text.Split('=', 2);
        var member = parts[0];
        if (member.Length is 0 or > LongestName || !member.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') || member[0] is '.' or '-' || member == "ca")
        {
            throw new CommandFailure($"--member: '{member}' cannot name a member's files: at most {LongestName} letters, digits, '.', '_' and '-', beginning with a letter or digit, and not ca.");
        }

        var reached = parts.Length == 2 ? parts[1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : ["localhost", "127.0.0.1", "::1"];
        return reached.FirstOrDefault(static name => !IPAddress.TryParse(name, out _) && Uri.CheckHostName(name) != UriHostNameType.Dns) is { } wrong
            ? throw new CommandFailure($"--member {text}: '{wrong}' is neither a host name nor an IP address.")
            : new(member, [.. reached.Prepend(member).Where(static name => !name.Contains('_', StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)]);
    }
}
