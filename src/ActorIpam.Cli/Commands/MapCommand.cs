using System.CommandLine;
using ActorIpam.Cli.Map;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using Spectre.Console;

namespace ActorIpam.Cli.Commands;

/// <summary>Shows the blocks of a pool and who holds what as a picture.</summary>
internal static class MapCommand
{
    /// <summary>Wider than any line: the painter fits lines to the terminal itself, and nothing may break them again.</summary>
    private const int NeverWrap = 100_000;

    private const int Narrowest = 80;
    private const int Widest = 200;

    private static readonly Argument<string> Pool = new("pool") { Description = "A pool's name.", HelpName = "POOL" };

    private static readonly Option<bool> All = new("--all") { Description = $"Show every block; otherwise a pool of more than {PoolMap.ManyBlocks} blocks shows those in use." };
    private static readonly Option<string?> Host = new("--host") { Description = "Only blocks that this host owns or holds an address in.", HelpName = "HOST" };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("map", "Show a pool's blocks and who holds which address as a picture.")
        {
            Examples =
            [
                ("The picture of a pool.", "ipamctl ipam map web"),
                ("Where one host sits in it.", "ipamctl ipam map web --host n1"),
                ("The pool as it was.", "ipamctl ipam map web --at 'yesterday 14:02'"),
                ("For a file or a screen reader: letters instead of colours.", "ipamctl ipam map web --no-color > web.txt"),
            ],
        };
        command.Add(Pool);
        command.Add(All);
        command.Add(Host);
        command.Add(AsOf.Option);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var pool = (IpPool)await session.Client.Resources.GetAsync(ResourceKind.IPPool, arguments.GetRequiredValue(Pool), cancellation);
        var name = pool.Metadata.Name;
        var blocks = await session.Client.Blocks.ListAsync(pool: name, cancellation: cancellation);
        if (new AddressPrinter(session).TryPrintDocument(blocks, ApiJson.Readable.BlockViews))
        {
            return 0;
        }

        var held = new List<AssignedAddress>();
        await foreach (var address in session.Client.Addresses.AllAsync(new() { Pool = name, Limit = 10_000 }, cancellation))
        {
            held.Add(address);
        }

        new MapPainter(Console(session), session.Terminal.IsUnicode ? MapGlyphs.Unicode : MapGlyphs.Ascii, Math.Clamp(session.Terminal.Width, Narrowest, Widest))
            .Paint(PoolMap.Of(pool, blocks.Items, held, new(arguments.GetValue(All), arguments.GetValue(Host))));
        return 0;
    }

    private static IAnsiConsole Console(Session session)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = session.IsColored ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = session.IsColored ? ColorSystemSupport.EightBit : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(session.Terminal.Out),
        });
        console.Profile.Width = NeverWrap;
        return console;
    }
}
