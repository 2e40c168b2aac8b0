using System.CommandLine;
using System.CommandLine.Completions;
using ActorIpam.Client.Http;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli;

/// <summary>What a shell may offer for arguments and options that name kinds, resources, pools or hosts: found by their names, so that a new command has it too.</summary>
internal static class Suggestions
{
    private static readonly string[] Formats = ["table", "wide", "yaml", "json", "name", "custom-columns="];

    public static void Attach(RootCommand root, Terminal terminal)
    {
        GlobalOptions.Output.CompletionSources.Clear();
        GlobalOptions.Output.CompletionSources.Add(Formats);
        Below(root, terminal);
    }

    private static void Below(Command command, Terminal terminal)
    {
        foreach (var argument in command.Arguments)
        {
            Func<CompletionContext, IEnumerable<CompletionItem>>? source = argument.Name switch
            {
                "kind" => context => TypedKind(context, command) is { } kind && kind != context.WordToComplete ? [] : Items(ResourceKinds.All.Select(k => k.Singular)),
                "name" => context => KindOf(context, command) is { } kind ? Items(Names(kind, context, terminal)) : [],
                "pool" => context => Items(Names(ResourceKind.IPPool, context, terminal)),
                "node" => context => Items(Names(ResourceKind.Node, context, terminal)),
                _ => null,
            };
            if (source is not null)
            {
                // Help lists what is offered where no name stands: it would ask a member.
                argument.HelpName ??= argument.Name.ToUpperInvariant();
                argument.CompletionSources.Add(source);
            }
        }

        foreach (var option in command.Options.Where(o => o.Name is "--pool" or "--host"))
        {
            var kind = option.Name == "--pool" ? ResourceKind.IPPool : ResourceKind.Node;
            option.HelpName ??= option.Name.TrimStart('-').ToUpperInvariant();
            option.CompletionSources.Add(context => Items(Names(kind, context, terminal)));
        }

        foreach (var inner in command.Subcommands)
        {
            Below(inner, terminal);
        }
    }

    private static ResourceKind? KindOf(CompletionContext context, Command command) =>
        ResourceKinds.TryFind(TypedKind(context, command), out var kind) ? kind : null;

    private static string? TypedKind(CompletionContext context, Command command) =>
        command.Arguments.FirstOrDefault(a => a.Name == "kind") is { } argument && context.ParseResult.GetResult(argument)?.Tokens is [var token, ..] ? token.Value : null;

    /// <summary>Whatever keeps a member from answering, a shell only sees that there is nothing to offer.</summary>
    private static IEnumerable<string> Names(ResourceKind kind, CompletionContext context, Terminal terminal)
    {
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
