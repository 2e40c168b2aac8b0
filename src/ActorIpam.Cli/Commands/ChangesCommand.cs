using System.CommandLine;
using System.Text.Json;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Commands;

/// <summary>Shows what a resource was, change by change.</summary>
internal static class ChangesCommand
{
    public static (ExampleCommand, CommandBody) Build()
    {
        var one = new OneResource();
        var command = new ExampleCommand("history", "Show every state a resource ever had, oldest first, also of one that is gone.")
        {
            Examples =
            [
                ("When was this pool changed?", "ipamctl history ippool web"),
                ("Every state of it, as manifests.", "ipamctl history ippool web -o yaml"),
            ],
        };
        one.AddTo(command);
        return (command, (arguments, session, cancellation) => RunAsync(one, arguments, session, cancellation));
    }

    private static async Task<int> RunAsync(OneResource one, ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var (kind, name) = one.Of(arguments);
        var items = new List<ResourceInterval>();
        ResourceHistoryPage page;
        string? next = null;
        do
        {
            page = await session.Client.History.ResourceAsync(kind, name, next: next, cancellation: cancellation);
            items.AddRange(page.Items);
            next = page.Continue;
        }
        while (next is not null);
        Print(session, page with { Items = [.. items] }, $"{kind} {name}");
        return 0;
    }

    private static void Print(Session session, ResourceHistoryPage page, string subject)
    {
        if (new AddressPrinter(session).TryPrintDocument(page, ApiJson.Readable.ResourceHistoryPage))
        {
            return;
        }

        if (page.Items.IsEmpty)
        {
            session.Terminal.Out.WriteLine($"Nothing is known of {subject}.");
            return;
        }

        PlainTable.Write(session.Terminal.Out, ["FROM", "TO", "VERSION", "UID"], [.. page.Items.Select(static item => (string[])[
            HistoryText.Time(item.From), item.To is { } to ? HistoryText.Time(to) : "now", Of(item.Resource, "resourceVersion"), Of(item.Resource, "uid")])]);
        HistoryText.TellHorizon(session, page.Horizon);
    }

    private static string Of(JsonElement resource, string field) =>
        resource.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty(field, out var value) ? value.GetString() ?? "" : "";
}
