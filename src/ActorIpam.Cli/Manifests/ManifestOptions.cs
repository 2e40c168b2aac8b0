using System.CommandLine;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Manifests;

/// <summary>The options of commands that read definitions (semantics.md §15).</summary>
internal sealed class ManifestOptions
{
    public Option<string[]> Files { get; } = new("--filename", "-f")
    {
        Description = "A file, a folder (its .yaml, .yml and .json files), or - for standard input; may be given more than once.",
        HelpName = "PATH",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public Option<bool> Recursive { get; } = new("--recursive", "-R") { Description = "Read folders inside folders too." };

    public Option<bool> SkipEmpty { get; } = new("--skip-empty") { Description = "Input without resources is fine." };

    public Option<string?> Namespace { get; } = new("--namespace", "-n") { Description = "Refused unless empty: all kinds here are cluster-wide.", HelpName = "NAMESPACE" };

    public void AddTo(Command command, bool withSkipEmpty = true, bool withNamespace = true)
    {
        command.Add(Files);
        command.Add(Recursive);
        if (withSkipEmpty)
        {
            command.Add(SkipEmpty);
        }

        if (withNamespace)
        {
            command.Add(Namespace);
        }
    }

    /// <exception cref="CommandFailure">A namespace is given.</exception>
    public void RefuseNamespace(ParseResult arguments, ResourceKind? kind = null)
    {
        if (!string.IsNullOrEmpty(arguments.GetValue(Namespace)))
        {
            throw new CommandFailure($"{(kind is { } k ? ResourceKinds.Of(k).Name + " is" : "All kinds are")} cluster-wide: leave -n out.");
        }
    }
}
