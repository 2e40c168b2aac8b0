using System.CommandLine;
using System.Globalization;
using System.Net;
using ActorIpam.Cli.Printing;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Commands;

/// <summary>Says why an address was given, or why a request was not.</summary>
internal static class WhyCommand
{
    private static readonly Argument<string?> What = new("what") { Description = "An address, a handle or the id of a request.", HelpName = "IP|HANDLE|REQUEST", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Handle = new("--handle") { Description = "A handle, also one that looks like an address.", HelpName = "HANDLE" };
    private static readonly Option<string?> Request = new("--request") { Description = "The id of a request.", HelpName = "ID" };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("explain", "Say why an address was given to its holder, or why a request got nothing.")
        {
            Examples =
            [
                ("Why does n2 hold this address, and from whom is it borrowed?", "ipamctl ipam explain 10.1.0.7"),
                ("Why did this workload get no address?", "ipamctl ipam explain web-1"),
                ("One attempt, for a program.", "ipamctl ipam explain --request 4f2a -o json"),
            ],
        };
        command.Add(What);
        command.Add(Handle);
        command.Add(Request);
        return (command, RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var answer = await AskAsync(arguments.GetValue(What), arguments.GetValue(Handle), arguments.GetValue(Request), session, cancellation);
        if (!new AddressPrinter(session).TryPrintDocument(answer, ExplainJson.Readable.ExplainAnswer))
        {
            Print(session.Terminal.Out, answer);
        }

        return 0;
    }

    private static Task<ExplainAnswer> AskAsync(string? what, string? handle, string? request, Session session, CancellationToken cancellation) => (what, handle, request) switch
    {
        (null, { } named, null) => session.Client.Explaining.ExplainAsync(new() { Handle = named }, cancellation),
        (null, null, { } id) => session.Client.Explaining.ExplainAsync(new() { Request = id }, cancellation),
        ({ } text, null, null) when IPAddress.TryParse(text, out _) => session.Client.Explaining.ExplainAsync(new() { Ip = text }, cancellation),
        ({ } text, null, null) => HandleOrRequestAsync(text, session, cancellation),
        _ => throw new CommandFailure("Name one thing: ipamctl ipam explain IP, HANDLE or REQUEST."),
    };

    /// <summary>A name that is no address: a handle, unless only a request of that name is known.</summary>
    private static async Task<ExplainAnswer> HandleOrRequestAsync(string text, Session session, CancellationToken cancellation)
    {
        var handle = await session.Client.Explaining.ExplainAsync(new() { Handle = text }, cancellation);
        if (!handle.Grants.IsEmpty || !handle.Decisions.IsEmpty)
        {
            return handle;
        }

        var request = await session.Client.Explaining.ExplainAsync(new() { Request = text }, cancellation);
        return !request.Grants.IsEmpty || !request.Decisions.IsEmpty ? request : handle;
    }

    private static void Print(TextWriter output, ExplainAnswer answer)
    {
        output.WriteLine(answer.Subject);
        foreach (var note in answer.Notes)
        {
            output.WriteLine("  " + note);
        }

        foreach (var grant in answer.Grants)
        {
            output.WriteLine($"{grant.Address} held by {grant.Handle ?? grant.Host} from {Time(grant.From)} to {(grant.To is { } to ? Time(to) : "now")}");
            output.WriteLine("  " + (grant.Reason?.Message ?? "The journal no longer keeps why."));
        }

        foreach (var decision in answer.Decisions)
        {
            output.WriteLine($"{Time(decision.At)} {decision.Outcome}: request {decision.Request} of {decision.Handle ?? decision.Host} on {decision.Host}{(decision.Addresses.IsEmpty ? "" : $" got {string.Join(", ", decision.Addresses)}")}{(decision.Member is { } member ? $" (remembered by {member})" : "")}");
            foreach (var line in new[] { decision.Message }.OfType<string>().Concat(decision.Details))
            {
                output.WriteLine("  " + line);
            }
        }
    }

    private static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
