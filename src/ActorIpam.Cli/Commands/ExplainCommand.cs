using System.CommandLine;
using ActorIpam.Cli.Printing;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Commands;

/// <summary>Describes kinds and their fields from the table that reading and the API use too.</summary>
internal static class ExplainCommand
{
    private static readonly Argument<string> Path = new("path") { Description = "A kind, or one of its fields, such as ippool.spec.cidr.", HelpName = "KIND[.FIELD…]" };
    private static readonly Option<bool> Recursive = new("--recursive") { Description = "The names of all fields below, without their descriptions." };

    public static (ExampleCommand, CommandBody) Build()
    {
        var command = new ExampleCommand("explain", "Describe a kind or a field, without contacting a server.")
        {
            Examples =
            [
                ("What can be said about a pool?", "ipamctl explain ippool.spec"),
                ("One field: its type, its default and its values.", "ipamctl explain ippool.spec.ipipMode"),
                ("Everything a node may hold.", "ipamctl explain node --recursive"),
            ],
        };
        command.Add(Path);
        command.Add(Recursive);
        return (command, RunAsync);
    }

    private static Task<int> RunAsync(ParseResult arguments, Session session, CancellationToken cancellation)
    {
        var steps = arguments.GetRequiredValue(Path).Split('.');
        var kind = KindArguments.Find(steps[0]);
        var field = ResourceSchema.Of(kind);
        foreach (var step in steps.Skip(1))
        {
            field = field.Field(step) ?? throw new CommandFailure(field.Fields.IsEmpty
                ? $"{field.Name} has no fields."
                : $"{(field.Name.Length == 0 ? ResourceKinds.Of(kind).Name : field.Name)} has no field '{step}': there are {string.Join(", ", field.Fields.Select(f => f.Name))}.");
        }

        new FieldPrinter(session.Terminal.Out, session.Terminal.Width).Print(kind, field, arguments.GetValue(Recursive));
        return Task.FromResult(0);
    }
}
