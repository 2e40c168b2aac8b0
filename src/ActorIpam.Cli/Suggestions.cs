using System.CommandLine;
using System.CommandLine.Completions;
using ActorIpam.Client.Http;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli;

/// <summary>What a shell may offer for arguments and options that name kinds, resources, pools or hosts: found by their names, so that a new command has it too.</summary>
internal static class Suggestions
{
    /// <summary>What has its sources already: options that commands keep for good are seen again with each tree.</summary>
    private static readonly HashSet<Symbol> Attached = [];

    private static readonly Lock Attaching = new();

    public static void Attach(RootCommand root)
    {
        lock (Attaching)
        {
            Below(root);
        }
    }

    private static void Below(Command command)
    {
        foreach (var argument in command.Arguments)
        {
            Func<CompletionContext, IEnumerable<CompletionItem>>? source = argument.Name switch
            {
                "kind" => context => TypedKind(context) is { } kind && kind != context.WordToComplete ? [] : Items(ResourceKinds.All.Select(k => k.Singular)),
                "name" => context => ResourceKinds.TryFind(TypedKind(context), out var kind) ? Items(Names(kind, context)) : [],
                "pool" => context => Items(Names(ResourceKind.IPPool, context)),
                "node" => context => Items(Names(ResourceKind.Node, context)),
                _ => null,
            };
            if (source is not null && Attached.Add(argument))
            {
                // Help lists what is offered where no name stands: it would ask a member.
                argument.HelpName ??= argument.Name.ToUpperInvariant();
                argument.CompletionSources.Add(source);
            }
        }

        foreach (var option in command.Options.Where(o => o.Name is "--pool" or "--host" && Attached.Add(o)))
        {
            var kind = option.Name == "--pool" ? ResourceKind.IPPool : ResourceKind.Node;
            option.HelpName ??= option.Name.TrimStart('-').ToUpperInvariant();
            option.CompletionSources.Add(context => Items(Names(kind, context)));
        }

        foreach (var inner in command.Subcommands)
        {
            Below(inner);
        }
    }

    private static string? TypedKind(CompletionContext context) =>
        context.ParseResult.CommandResult.Command.Arguments.FirstOrDefault(a => a.Name == "kind") is { } argument
        && context.ParseResult.GetResult(argument)?.Tokens is [var token, ..] ? token.Value : null;

    /// <summary>Whatever keeps a member from answering, a shell only sees that there is nothing to offer.</summary>
    private static IEnumerable<string> Names(ResourceKind kind, CompletionContext context)
    {
        var terminal = ((ProgramCommand)context.ParseResult.RootCommandResult.Command).Terminal;
        try
        {
            using var client = new IpamClient(Connection.Options(context.ParseResult, terminal));
            using var deadline = new CancellationTokenSource(terminal.SuggestWithin);
            return [.. client.Resources.ListAsync(kind, deadline.Token).GetAwaiter().GetResult().Items.Select(r => r.Metadata.Name)];
        }
        catch (Exception e) when (e is CommandFailure or ApiException or ServerUnreachableException or OperationCanceledException)
        {
            return [];
        }
    }

    private static IEnumerable<CompletionItem> Items(IEnumerable<string> words) => words.Select(word => new CompletionItem(word));
}

/// <summary>The root of the tree, which knows around what it was built.</summary>
internal sealed class ProgramCommand(string description, Terminal terminal) : RootCommand(description)
{
    public Terminal Terminal { get; } = terminal;
}
