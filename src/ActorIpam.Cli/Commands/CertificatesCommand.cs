using System.CommandLine;
using System.Security.Cryptography;
using ActorIpam.Cli.Certificates;

namespace ActorIpam.Cli.Commands;

/// <summary><c>cluster certs</c>: the certificates by which members know each other.</summary>
internal static class CertificatesCommand
{
    private static readonly Argument<string> Folder = new("dir") { Description = "The folder of the authority and the certificates; made when it is missing.", HelpName = "DIR" };

    private static readonly Option<string[]> Members = new("--member")
    {
        Description = "A member, and under which names and addresses others reach it; without them localhost. May be repeated.",
        HelpName = "NAME[=HOST,IP...]",
        Required = true,
    };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("certs", "Makes an authority, or uses the one that is there, and a certificate for each member. Needs no server.")
        {
            Examples =
            [
                ("Three members on one machine.", "ipamctl cluster certs certs --member m1 --member m2 --member m3"),
                ("One more, under the same authority, for two addresses.", "ipamctl cluster certs certs --member m4=ipam-4.example.org,192.0.2.14"),
            ],
        };
        command.Add(Folder);
        command.Add(Members);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        // All are read before the first file is written.
        var members = arguments.GetRequiredValue(Members).Select(MemberIdentity.Parse).ToList();
        var folder = arguments.GetRequiredValue(Folder);
        try
        {
            using var authority = ClusterAuthority.OpenOrMake(folder, DateTimeOffset.UtcNow);
            await session.Terminal.Out.WriteLineAsync(authority.IsNew
                ? $"made {authority.CertificateFile} and {authority.KeyFile}: keep the key where no member can read it"
                : $"used {authority.CertificateFile}, valid until {authority.ValidUntil:yyyy-MM-dd}");
            foreach (var member in members)
            {
                var (certificate, key, until) = authority.Issue(member, DateTimeOffset.UtcNow);
                await session.Terminal.Out.WriteLineAsync($"made {certificate} and {key}, valid until {until:yyyy-MM-dd}, for {string.Join(", ", member.Names)}");
            }

            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailure($"{folder}: {e.Message}");
        }
    }
}
