using System.CommandLine;
using System.Globalization;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Json;

namespace ActorIpam.Cli.Commands;

/// <summary><c>cluster show</c> and <c>cluster leave</c>.</summary>
internal static class ClusterCommands
{
    private static readonly Argument<string> Member = new("member") { Description = "A member's name.", HelpName = "MEMBER" };

    public static (ExampleCommand, CommandBody) Show() => (
        new("show", "Shows the members as the one that answers sees them: which live, which leave, which do not answer it.")
        {
            Examples =
            [
                ("Who is there?", "ipamctl cluster show"),
                ("The same for a program.", "ipamctl cluster show -o json"),
            ],
        },
        ShowAsync);

    public static (ExampleCommand, CommandBody) Leave()
    {
        var command = new ExampleCommand("leave", "Sends a member away: it gets no new keys, finishes what it has, and stops. A dead one is forgotten.")
        {
            Examples = [("Before its machine is switched off.", "ipamctl cluster leave ipam-3")],
        };
        command.Add(Member);
        return (command, LeaveAsync);
    }

    private static async Task<int> ShowAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var members = await session.Client.Cluster.MembersAsync(cancellation);
        if (!new AddressPrinter(session).TryPrintDocument(members, ApiJson.Readable.ClusterMembers))
        {
            PlainTable.Write(
                session.Terminal.Out,
                ["NAME", "STATE", "SUSPECT", "AGE", "INCARNATION", "SCHEMA", "ADDRESS"],
                [
                    .. members.Items.Select(member => (string[])
                    [
                        member.Me ? member.Name + " *" : member.Name,
                        member.State,
                        member.Suspect ? "yes" : "no",
                        member.AgeSeconds.ToString("0.0", CultureInfo.InvariantCulture) + "s",
                        member.Incarnation?.ToString(CultureInfo.InvariantCulture) ?? "-",
                        member.Schema.ToString(CultureInfo.InvariantCulture),
                        member.Address ?? "-",
                    ]),
                ]);
            session.Terminal.Out.WriteLine("* answers here");
        }

        return 0;
    }

    private static async Task<int> LeaveAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var name = arguments.GetRequiredValue(Member);
        var member = await session.Client.Cluster.LeaveAsync(name, cancellation);
        session.Terminal.Out.WriteLine(member.State == "removed" ? $"{name} was dead and is forgotten." : $"{name} drains and stops.");
        return 0;
    }
}
