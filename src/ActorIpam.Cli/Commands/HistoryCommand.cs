using System.CommandLine;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Commands;

/// <summary>Shows who held what, and when; or whose a block was.</summary>
internal static class HistoryCommand
{
    private const int PerPage = 1000;

    private static readonly Argument<string?> Ip = new("ip") { Description = "An address.", HelpName = "IP", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Handle = new("--handle") { Description = "What this handle held.", HelpName = "HANDLE" };
    private static readonly Option<string?> Host = new("--host") { Description = "What this host held.", HelpName = "HOST" };
    private static readonly Option<string?> Pool = new("--pool") { Description = "Who held addresses of this pool: a name, CIDR or uid; it may be gone.", HelpName = "POOL" };
    private static readonly Option<string?> Block = new("--block") { Description = "Whose this block was, instead of its addresses.", HelpName = "CIDR" };
    private static readonly Option<string?> From = AsOf.New("--from", $"Only what was held at or behind this time: {AsOf.Shapes}.");
    private static readonly Option<string?> To = AsOf.New("--to", "Only what was held before this time.");
    private static readonly Option<string?> At = AsOf.New("--at", "Only what was held at this very time.");
    private static readonly Option<bool> NewestFirst = new("--newest-first") { Description = "What ended last, or still lasts, first." };
    private static readonly Option<int> Limit = new("--limit") { Description = "At most so many rows.", HelpName = "N", DefaultValueFactory = static _ => 10_000 };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("history", "Show who held what, in the order in which it ended: by address, handle, host, pool or time; or whose a block was.")
        {
            Examples =
            [
                ("Who had this address, and when?", "ipamctl ipam history 10.1.0.7"),
                ("Who had it yesterday at two?", "ipamctl ipam history 10.1.0.7 --at 'yesterday 14:02'"),
                ("What did a host hold in the last two hours, the latest first?", "ipamctl ipam history --host rack-1 --from '2h ago' --newest-first"),
                ("Whose was this block, and why did it change hands?", "ipamctl ipam history --block 10.1.0.0/26"),
                ("The same with the attributes, for a program.", "ipamctl ipam history 10.1.0.7 -o json"),
            ],
        };
        command.Add(Ip);
        foreach (var option in new Option[] { Handle, Host, Pool, Block, From, To, At, NewestFirst, Limit })
        {
            command.Add(option);
        }

        return (command, RunAsync);
    }

    private static Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var query = QueryOf(arguments, session.Terminal);
        if (arguments.GetValue(Block) is { } block)
        {
            return query == new HistoryQuery { Limit = query.Limit } ? BlockAsync(block, session, cancellation) : throw new CommandFailure("--block stands alone: it tells whose the block was, all the time.");
        }

        return query == new HistoryQuery { Limit = query.Limit } ? throw new CommandFailure("Say of what: IP, --handle, --host, --pool, --block, --from or --at.")
            : query == new HistoryQuery { Limit = query.Limit, Ip = query.Ip } ? AddressAsync(query.Ip!, session, cancellation)
            : HoldersAsync(query, session, cancellation);
    }

    private static HistoryQuery QueryOf(ParseResult arguments, Terminal terminal)
    {
        var (from, to, at) = (AsOf.Read(arguments, From, terminal), AsOf.Read(arguments, To, terminal), AsOf.Read(arguments, At, terminal));
        if (at is not null && (from ?? to) is not null)
        {
            throw new CommandFailure("Give --at, or --from and --to, not both.");
        }

        return new()
        {
            Ip = arguments.GetValue(Ip),
            Handle = arguments.GetValue(Handle),
            Host = arguments.GetValue(Host),
            Pool = arguments.GetValue(Pool),
            From = from ?? at,
            To = to ?? at?.AddMicroseconds(1),
            NewestFirst = arguments.GetValue(NewestFirst),
            Limit = arguments.GetValue(Limit) is > 0 and var limit ? limit : throw new CommandFailure("--limit is at least 1."),
        };
    }

    /// <summary>One address from its first holder on.</summary>
    private static async Task<int> AddressAsync(string ip, Session session, CancellationToken cancellation)
    {
        var history = await session.Client.Addresses.HistoryAsync(ip, cancellation);
        if (new AddressPrinter(session).TryPrintDocument(history, ApiJson.Readable.HeldIntervals))
        {
            return 0;
        }

        if (history.Items.IsEmpty)
        {
            await session.Terminal.Out.WriteLineAsync($"{ip} was never assigned.");
            return 0;
        }

        Print(session, history.Items, withAddress: false);
        return 0;
    }

    private static async Task<int> HoldersAsync(HistoryQuery query, Session session, CancellationToken cancellation)
    {
        var (items, most) = (new List<HeldInterval>(), query.Limit);
        HistoryPage page;
        do
        {
            page = await session.Client.History.HoldingsAsync(query with { Limit = Math.Min(PerPage, most - items.Count) }, cancellation);
            items.AddRange(page.Items);
            query = query with { Continue = page.Continue };
        }
        while (page.Continue is not null && items.Count < most);
        if (!new AddressPrinter(session).TryPrintDocument(page with { Items = [.. items] }, ApiJson.Readable.HistoryPage))
        {
            if (items.Count == 0)
            {
                await session.Terminal.Out.WriteLineAsync("Nobody held anything of that then.");
            }
            else
            {
                Print(session, items, withAddress: true);
            }
        }

        if (page.Continue is not null)
        {
            await session.Terminal.Error.WriteLineAsync($"There is more behind these {items.Count}: raise --limit, or narrow --from and --to.");
        }

        HistoryText.TellHorizon(session, page.Horizon);
        return 0;
    }

    private static async Task<int> BlockAsync(string block, Session session, CancellationToken cancellation)
    {
        var items = new List<BlockInterval>();
        BlockHistoryPage page;
        string? next = null;
        do
        {
            page = await session.Client.History.BlockAsync(block, PerPage, next, cancellation);
            items.AddRange(page.Items);
            next = page.Continue;
        }
        while (next is not null);
        if (new AddressPrinter(session).TryPrintDocument(page with { Items = [.. items] }, ApiJson.Readable.BlockHistoryPage))
        {
            return 0;
        }

        if (items.Count == 0)
        {
            await session.Terminal.Out.WriteLineAsync($"Nobody ever had the block {block}.");
            return 0;
        }

        PlainTable.Write(session.Terminal.Out, ["FROM", "TO", "HOST", "POOL", "WHY", "ENDED"], [.. items.Select(static item => (string[])[
            HistoryText.Time(item.From), HistoryText.To(item.To), item.Host ?? "(orphan)", item.Pool ?? "", item.Why, item.Ended ?? ""])]);
        HistoryText.TellHorizon(session, page.Horizon);
        return 0;
    }

    private static void Print(Session session, IReadOnlyList<HeldInterval> items, bool withAddress)
    {
        var isWide = session.Format.Kind == OutputKind.Wide;
        string[] headings = [.. withAddress ? (string[])["ADDRESS"] : [], "FROM", "TO", "HOST", "HANDLE", "GIVEN", "RELEASED", .. isWide ? (string[])["GENERATION", "ATTRIBUTES"] : []];
        PlainTable.Write(session.Terminal.Out, headings, [.. items.Select(held => (string[])[
            .. withAddress ? (string[])[held.Address] : [], HistoryText.Time(held.From), HistoryText.To(held.To), held.Host ?? "", held.Handle ?? "", Given(held.Reason), held.Why ?? "",
            .. isWide ? (string[])[held.Generation.ToString(System.Globalization.CultureInfo.InvariantCulture), HistoryText.Attributes(held)] : []])]);
    }

    /// <summary>Why it was given, when the journal still tells.</summary>
    private static string Given(GrantReason? reason) => reason is null ? "" : reason.From is { } from ? $"{reason.Why} from {from}" : reason.Why;
}
