using System.CommandLine;
using System.Text.Json.Nodes;
using ActorIpam.Cli.Care;
using ActorIpam.Cli.Printing;
using ActorIpam.Engine;
using ActorIpam.Engine.Recovering;
using ActorIpam.Storage.Portable;

namespace ActorIpam.Cli.Commands;

/// <summary>Fills an empty journal from a backup. It begins with a recovery: nothing is assigned before hosts have reported what they hold (decision 0019).</summary>
internal static class RestoreCommand
{
    private static readonly Argument<string> Backup = new("backup") { Description = "The backup.", HelpName = "FILE" };
    private static readonly Option<string> Journal = new("--journal") { Description = "The journal to fill: sqlite:FILE or postgres:CONNECTION-STRING. It must be empty, or not be there.", HelpName = "JOURNAL", Required = true };
    private static readonly Option<bool> WithProblems = new("--with-problems") { Description = "Restore also a journal whose replay finds problems, for 'ipam check --repair'." };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("restore", "Fill an empty journal from a backup. Members that used the lost one must be stopped. Members that start on it assign nothing until its recovery is ended.")
        {
            Examples =
            [
                ("A new file for a member on SQLite.", "ipamctl restore ipam-2026-08-04.backup --journal sqlite:data/ipam.db"),
                ("A new database for a cluster; then see who must report.", "ipamctl restore ipam-2026-08-04.backup --journal 'postgres:Host=db1;Username=ipam;Database=ipam2' && ipamctl recovery show"),
            ],
        };
        command.Add(Backup);
        command.Add(Journal);
        command.Add(WithProblems);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        using var progress = new ProgressLine(session.Terminal);
        var (file, into) = (arguments.GetRequiredValue(Backup), JournalPlace.Parse(arguments.GetRequiredValue(Journal)));
        var replaying = new Replaying(progress, refuses: !arguments.GetValue(WithProblems));
        var facts = await new JournalRestore(TimeProvider.System, progress.Tell).RunAsync(file, into, replaying.JudgeAsync, Begin, cancellation);
        progress.Clear();
        CareAnswer.Write(session, $"{into.Label}: {facts.Rows.Values.Sum()} rows as of {facts.TakenAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}; {replaying.Verdict}. Nothing is assigned before its recovery is ended: see 'ipamctl recovery show'.", new JsonObject
        {
            ["journal"] = into.Label,
            ["takenAt"] = facts.TakenAt.UtcDateTime,
            ["rows"] = CareAnswer.Rows(facts.Rows),
        });
        if (facts.Rows.GetValueOrDefault("token") is > 0 and var tokens)
        {
            await session.Terminal.Error.WriteLineAsync($"{Plural.Of((int)tokens, "token")} came back with it, those too that were revoked since the backup: look at 'ipamctl token list'.");
        }

        return 0;
    }

    private static FirstStep Begin(DateTimeOffset takenAt)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (schema, events) = IpamRecovery.Beginning(takenAt, now);
        return new(Streams.Catalog.Value, Streams.Policy.Value, Guid.NewGuid(), now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)), schema, events);
    }
}
