using System.CommandLine;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Commands;

/// <summary>The arguments <c>KIND [NAME…]</c>.</summary>
internal sealed class KindArguments
{
    public static string KindDescription { get; } = $"{string.Join(", ", ResourceKinds.All.Select(k => k.Singular))}, or another name of these, in any case.";

    public Argument<string?> Kind { get; } = new("kind")
    {
        Description = KindDescription,
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Argument<string[]> Names { get; } = new("name") { Description = "Names of resources.", Arity = ArgumentArity.ZeroOrMore };

    public void AddTo(Command command)
    {
        command.Add(Kind);
        command.Add(Names);
    }

    /// <summary>Null when no kind is given.</summary>
    /// <exception cref="CommandFailure">There is no such kind.</exception>
    public ResourceKind? KindOf(ParseResult arguments)
    {
        if (arguments.GetValue(Kind) is not { Length: > 0 } text)
        {
            return null;
        }

        if (NamesOf(arguments).Prepend(text).FirstOrDefault(t => t.StartsWith('-')) is { } option)
        {
            // No kind and no name starts so; it was meant as an option.
            throw new CommandFailure($"There is no option '{option}' here.");
        }

        return Find(text);
    }

    /// <exception cref="CommandFailure">There is no such kind.</exception>
    public static ResourceKind Find(string text) => ResourceKinds.TryFind(text, out var kind)
        ? kind
        : throw new CommandFailure($"There is no kind '{text}': use {string.Join(", ", ResourceKinds.All.Select(k => k.Singular))}.");

    public string[] NamesOf(ParseResult arguments) => arguments.GetValue(Names) ?? [];
}
