using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ActorIpam.Cli.Printing;
using ActorIpam.Cli.Watching;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Commands;

/// <summary><c>journal show</c> and <c>journal tail</c>: what was recorded, and what is being recorded.</summary>
internal static class JournalCommand
{
    private const int RowsPerCall = 1_000;

    private static readonly Argument<string> Stream = new("stream") { Description = "A stream, such as catalog, pool/UID or block/10.0.0.0/26.", HelpName = "STREAM" };

    private static readonly Option<long> From = new("--from") { Description = "The first version to show.", HelpName = "VERSION", DefaultValueFactory = _ => 1 };

    private static readonly Option<string?> Only = new("--stream") { Description = "Only this stream; with a * at its end, those whose names begin so.", HelpName = "STREAM" };

    private static readonly Option<int> Limit = new("--limit") { Description = "End after so many rows; 0 for never.", HelpName = "N" };

    public static (ExampleCommand, CommandBody) Show()
    {
        var command = new ExampleCommand("show", "Show what was recorded in a stream, oldest first.")
        {
            Examples =
            [
                ("The life of a block.", "ipamctl journal show block/10.1.0.0/26"),
                ("Changes of the resources, from a version on.", "ipamctl journal show catalog --from 120"),
                ("The same for a program: a row a line.", "ipamctl journal show catalog -o json"),
            ],
        };
        command.Add(Stream);
        command.Add(From);
        return (command, ShowAsync);
    }

    public static (ExampleCommand, CommandBody) Tail()
    {
        var command = new ExampleCommand("tail", "Follow what is recorded in all streams from now on, until it is interrupted. Nothing is missed while the same member answers.")
        {
            Examples =
            [
                ("Everything that happens.", "ipamctl journal tail"),
                ("What happens to blocks, a row of JSON a line.", "ipamctl journal tail --stream 'block/*' -o json"),
            ],
        };
        command.Add(Only);
        command.Add(Limit);
        return (command, TailAsync);
    }

    private static async Task<int> ShowAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var (stream, from) = (arguments.GetRequiredValue(Stream), arguments.GetValue(From));
        var print = Printer(session, withStream: false);
        while (true)
        {
            var page = await session.Client.Console.StreamAsync(stream, from, RowsPerCall, cancellation);
            foreach (var row in page.Items)
            {
                print(row);
            }

            if (!long.TryParse(page.Continue, NumberStyles.None, CultureInfo.InvariantCulture, out from))
            {
                return 0;
            }
        }
    }

    private static async Task<int> TailAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var (only, limit) = (arguments.GetValue(Only), arguments.GetValue(Limit));
        var print = Printer(session, withStream: true);
        var printed = 0;
        try
        {
            await foreach (var row in new JournalTail(session).RowsAsync(cancellation))
            {
                if (!Matches(row.Stream, only))
                {
                    continue;
                }

                print(row);
                await session.Terminal.Out.FlushAsync(cancellation);
                if (++printed == limit)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Interrupting is how following ends.
        }

        return 0;
    }

    private static bool Matches(string stream, string? only) =>
        only is null || (only.EndsWith('*') ? stream.StartsWith(only[..^1], StringComparison.Ordinal) : stream == only);

    private static Action<JournalEntry> Printer(Session session, bool withStream) => session.Format.Kind switch
    {
        OutputKind.Json => row => session.Terminal.Out.WriteLine(JsonSerializer.Serialize(row, ApiJson.Readable.JournalEntry)),
        OutputKind.Table or OutputKind.Wide => row => EventText.Lines(row, withStream).ToList().ForEach(session.Terminal.Out.WriteLine),
        _ => throw new CommandFailure("Rows of the journal are printed as table or json."),
    };
}
