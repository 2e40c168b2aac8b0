using System.CommandLine;
using System.Text.Json.Nodes;
using ActorIpam.Cli.Care;
using ActorIpam.Cli.Printing;
using ActorIpam.Storage.Portable;

namespace ActorIpam.Cli.Commands;

/// <summary>Moves a journal that no member uses, between SQLite and PostgreSQL or two of a kind.</summary>
internal static class MoveCommand
{
    private static readonly Option<string> From = new("--from") { Description = "The journal: sqlite:FILE or postgres:CONNECTION-STRING. Its members must be stopped.", HelpName = "JOURNAL", Required = true };
    private static readonly Option<string> To = new("--to") { Description = "Where it goes: an empty journal, or a place where none is.", HelpName = "JOURNAL", Required = true };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("move", "Move a journal to another storage, compared row by row. What is left behind can neither be started on nor written any more.")
        {
            Examples =
            [
                ("From one machine to a cluster.", "ipamctl journal move --from sqlite:data/ipam.db --to 'postgres:Host=db1;Username=ipam;Database=ipam'"),
                ("And back.", "ipamctl journal move --from 'postgres:Host=db1;Username=ipam;Database=ipam' --to sqlite:data/ipam2.db"),
            ],
        };
        command.Add(From);
        command.Add(To);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        using var progress = new ProgressLine(session.Terminal);
        var (from, to) = (JournalPlace.Parse(arguments.GetRequiredValue(From)), JournalPlace.Parse(arguments.GetRequiredValue(To)));
        var rows = await new JournalMove(TimeProvider.System, progress.Tell).RunAsync(from, to, cancellation);
        progress.Clear();
        CareAnswer.Write(session, $"{rows} rows are in {to.Label} and compared. Start members there; {from.Label} is left behind.", new JsonObject { ["from"] = from.Label, ["to"] = to.Label, ["rows"] = rows });
        return 0;
    }
}
