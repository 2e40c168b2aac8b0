using System.CommandLine;
using System.Globalization;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Json;

namespace ActorIpam.Cli.Commands;

/// <summary><c>actor list</c> and <c>actor show</c>: what a member remembers, and how busy it is.</summary>
internal static class ActorCommand
{
    private static readonly Option<string?> Kind = new("--kind")
    {
        Description = "Only actors of this kind: catalog, pool, block or host.",
        HelpName = "KIND",
        CompletionSources = { "catalog", "pool", "block", "host" },
    };

    private static readonly Argument<string> Stream = new("stream") { Description = "A stream, such as catalog, pool/UID, block/10.0.0.0/26 or host/host:NAME.", HelpName = "STREAM" };

    public static (ExampleCommand, CommandBody) List()
    {
        var command = new ExampleCommand("list", "List the actors of the member that answers: streams it has activated, and hosts for which requests wait.")
        {
            Examples =
            [
                ("Everything that is activated.", "ipamctl actor list"),
                ("Hosts with requests in their mailboxes.", "ipamctl actor list --kind host"),
            ],
        };
        command.Add(Kind);
        return (command, ListAsync);
    }

    public static (ExampleCommand, CommandBody) Show()
    {
        var command = new ExampleCommand("show", "Show one actor: its version, what its events add up to, and the last of them.")
        {
            Examples =
            [
                ("A block.", "ipamctl actor show block/10.1.0.0/26"),
                ("The resources, for a program.", "ipamctl actor show catalog -o json"),
            ],
        };
        command.Add(Stream);
        return (command, ShowAsync);
    }

    private static async Task<int> ListAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var actors = await session.Client.Console.ActorsAsync(arguments.GetValue(Kind), cancellation);
        if (!new AddressPrinter(session).TryPrintDocument(actors, ApiJson.Readable.ActorList))
        {
            PlainTable.Write(
                session.Terminal.Out,
                ["STREAM", "KIND", "VERSION", "STATE", "MAILBOX"],
                [.. actors.Items.Select(actor => (string[])[actor.Stream, actor.Kind, Text(actor.Version), actor.State, Text(actor.Mailbox)])]);
        }

        return 0;
    }

    private static async Task<int> ShowAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var detail = await session.Client.Console.ActorAsync(arguments.GetRequiredValue(Stream), cancellation);
        if (new AddressPrinter(session).TryPrintDocument(detail, ApiJson.Readable.ActorDetail))
        {
            return 0;
        }

        var output = session.Terminal.Out;
        (string Name, string Value)[] facts =
        [
            ("stream", detail.Actor.Stream), ("member", detail.Member), ("state", detail.Actor.State), ("version", Text(detail.Actor.Version)),
            ("head", Text(detail.Head)), ("mailbox", Text(detail.Actor.Mailbox)),
        ];
        foreach (var (name, value) in facts)
        {
            output.WriteLine($"{name + ":",-14}{value}");
        }

        var width = detail.Fold.Select(static figure => figure.Key.Length + 2).Append(16).Max();
        foreach (var (name, value) in detail.Fold)
        {
            output.WriteLine($"  {(name + ":").PadRight(width)}{value}");
        }

        output.WriteLine(detail.Events.IsEmpty ? "events:       none" : "events:");
        foreach (var line in detail.Events.SelectMany(row => EventText.Lines(row, withStream: false)))
        {
            output.WriteLine("  " + line);
        }

        return 0;
    }

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
