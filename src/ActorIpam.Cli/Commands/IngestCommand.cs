using System.CommandLine;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Json;
using System.Globalization;
using System.Text.Json;

namespace ActorIpam.Cli.Commands;

/// <summary><c>ingest status</c>: what became of the definitions in the folder the member watches.</summary>
internal static class IngestCommand
{
    public static (ExampleCommand, CommandBody) Status() => (
        new("status", "Shows which files of the watched folder (ipamd --watch) are applied, and what is wrong with the others.")
        {
            Examples = [("Is every definition applied?", "ipamctl ingest status")],
        },
        RunAsync);

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var status = await session.Client.Cluster.IngestAsync(cancellation);
        if (session.Format.Kind is OutputKind.Json)
        {
            await session.Terminal.Out.WriteLineAsync(JsonSerializer.Serialize(status, ApiJson.Readable.IngestStatus));
            return 0;
        }

        if (status.Folder is null)
        {
            await session.Terminal.Out.WriteLineAsync("The member watches no folder; start it with --watch DIR.");
            return 0;
        }

        PlainTable.Write(
            session.Terminal.Out,
            ["FILE", "STATE", "RESOURCES", "LAST ERROR"],
            [.. status.Items.Select(file => (string[])[file.File, file.State, file.Resources.ToString(CultureInfo.InvariantCulture), file.LastError?.Split('\n')[0] ?? ""])]);
        return 0;
    }
}
