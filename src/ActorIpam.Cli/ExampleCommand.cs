using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ActorIpam.Cli;

/// <summary>A command that shows how it is used.</summary>
internal class ExampleCommand(string name, string description) : Command(name, description)
{
    /// <summary>Pairs of what it does and what to type, at least one.</summary>
    public required (string What, string Type)[] Examples { get; init; }
}

/// <summary>The usual help, followed by the command's examples.</summary>
internal sealed class ExampleHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var exit = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ExampleCommand { Examples: var examples })
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var (what, type) in examples)
            {
                output.WriteLine($"  # {what}");
                output.WriteLine($"  {type}");
                output.WriteLine();
            }
        }

        return exit;
    }
}
