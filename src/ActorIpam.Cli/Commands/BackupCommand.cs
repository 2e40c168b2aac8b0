using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ActorIpam.Cli.Care;
using ActorIpam.Cli.Printing;
using ActorIpam.Storage.Portable;

namespace ActorIpam.Cli.Commands;

/// <summary>Writes a journal into a file while members go on with it, and proves the file by reading it back and replaying it.</summary>
internal static class BackupCommand
{
    private static readonly Option<string> Journal = new("--journal") { Description = "The journal, as its members are started with it: sqlite:FILE or postgres:CONNECTION-STRING. PostgreSQL's password may stand in PGPASSWORD or PGPASSFILE.", HelpName = "JOURNAL", Required = true };
    private static readonly Option<string> To = new("--to") { Description = "The file to write. One that is there is never written over; while it is verified, twice the journal's size is used beside it.", HelpName = "FILE", Required = true };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("backup", "Back a journal up into one file, online, as of one instant. The exit status is 1 when its replay finds problems; the file stays.")
        {
            Examples =
            [
                ("The journal of a member on SQLite, while it serves.", "ipamctl backup --journal sqlite:data/ipam.db --to ipam-$(date +%F).backup"),
                ("The journal of a cluster.", "ipamctl backup --journal 'postgres:Host=db1;Username=ipam;Database=ipam' --to ipam-$(date +%F).backup"),
            ],
        };
        command.Add(Journal);
        command.Add(To);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        using var progress = new ProgressLine(session.Terminal);
        var (from, file) = (JournalPlace.Parse(arguments.GetRequiredValue(Journal)), Path.GetFullPath(arguments.GetRequiredValue(To)));
        var backup = new JournalBackup(TimeProvider.System, progress.Tell);
        await backup.WriteAsync(from, file, cancellation);
        var replaying = new Replaying(progress, refuses: false);
        var facts = await backup.VerifyAsync(file, replaying.JudgeAsync, cancellation);
        progress.Clear();
        CareAnswer.Write(session, $"{file}: as of {Time(facts.TakenAt)}, {facts.Rows.Values.Sum()} rows, {facts.Bytes} bytes; {replaying.Verdict}.", new JsonObject
        {
            ["file"] = file,
            ["takenAt"] = Time(facts.TakenAt),
            ["bytes"] = facts.Bytes,
            ["rows"] = CareAnswer.Rows(facts.Rows),
            ["problems"] = replaying.Report!.Problems.Length + replaying.Report.MoreProblems,
        });
        return replaying.IsSound ? 0 : 1;
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
