using System.Collections.Immutable;
using System.CommandLine;
using ActorIpam.Cli.Manifests;
using ActorIpam.Cli.Printing;
using ActorIpam.Cli.Watching;
using ActorIpam.Client.Http;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Commands;

/// <summary>Shows resources.</summary>
internal static class GetCommand
{
    private static readonly Option<bool> Export = new("--export") { Description = "Without what belongs to this system alone (uid, version, times, set); needs names." };
    private static readonly Option<bool> AllNamespaces = new("--all-namespaces", "-A", "-a") { Description = "Accepted for scripts: all kinds here are cluster-wide." };

    private static readonly Option<bool> Watch = new("--watch", "-w") { Description = "Then tell what changes, until interrupted." };

    public static (ExampleCommand, CommandBody) Build()
    {
        var options = new ManifestOptions();
        var kinds = new KindArguments();
        var command = new ExampleCommand("get", "Show resources: all of a kind, some by name, or those that files define.")
        {
            Examples =
            [
                ("All pools, with all their columns.", "ipamctl get ippools -o wide"),
                ("One pool as a manifest that can be applied elsewhere.", "ipamctl get ippool web -o yaml --export"),
                ("Chosen columns.", "ipamctl get ippool -o custom-columns=NAME,NAT"),
                ("Nodes as they come and go.", "ipamctl get nodes --watch"),
                ("A pool as it was defined then.", "ipamctl get ippool web -o yaml --at '2026-05-04 14:02'"),
            ],
        };
        kinds.AddTo(command);
        options.AddTo(command);
        command.Add(Export);
        command.Add(AllNamespaces);
        command.Add(Watch);
        command.Add(AsOf.Option);
        return (command, (arguments, session, cancellation) => kinds.KindOf(arguments) is { } kind
            ? ByKindAsync(session, options, kind, kinds.NamesOf(arguments), arguments, cancellation)
            : ByFileAsync(session, options, arguments, cancellation));
    }

    private static async Task<int> ByKindAsync(
        Session session, ManifestOptions options, ResourceKind kind, string[] names, ParseResult arguments, CancellationToken cancellation)
    {
        options.RefuseNamespace(arguments, kind);
        if (session.Format.Kind == OutputKind.CustomColumns)
        {
            // A wrong column is told before anything is asked for.
            _ = ResourceColumns.Choose(kind, session.Format);
        }

        if (arguments.GetValue(Watch))
        {
            return await WatchAsync(session, kind, names, cancellation);
        }

        var printer = new ResourcePrinter(session.Format, session.Terminal.Out);
        if (names.Length == 0)
        {
            printer.Print(await session.Client.Resources.ListAsync(kind, cancellation));
            return 0;
        }

        var found = ImmutableArray.CreateBuilder<Resource>();
        foreach (var name in names)
        {
            try
            {
                found.Add(Shown(await session.Client.Resources.GetAsync(kind, name, cancellation), arguments));
            }
            catch (ApiException e)
            {
                await session.Terminal.Error.WriteLineAsync($"ipamctl: {e.Message}");
            }
        }

        printer.Print(found.ToImmutable());
        return found.Count == names.Length ? 0 : 1;
    }

    /// <summary>Being interrupted is how a watch ends well.</summary>
    private static async Task<int> WatchAsync(Session session, ResourceKind kind, string[] names, CancellationToken cancellation)
    {
        var printer = new ChangePrinter(session.Format, kind, session.Terminal.Out);
        try
        {
            await foreach (var change in new ResourceWatch(session, kind).ChangesAsync(cancellation))
            {
                if (names.Length == 0 || names.Contains(change.Resource!.Metadata.Name))
                {
                    printer.Print(change);
                }
            }

            return 0;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static async Task<int> ByFileAsync(Session session, ManifestOptions options, ParseResult arguments, CancellationToken cancellation)
    {
        if (arguments.GetValue(options.Files) is not { Length: > 0 })
        {
            throw new CommandFailure("Say what to show: ipamctl get KIND [NAME…], or -f FILE.");
        }

        if (arguments.GetValue(Watch))
        {
            throw new CommandFailure("--watch takes a kind, not files.");
        }

        var found = ImmutableArray.CreateBuilder<Resource>();
        var exit = await new ManifestRun(session, options, arguments).EachAsync(done: null, async resource =>
        {
            found.Add(Shown(await session.Client.Resources.GetAsync(resource.Resource.Kind, resource.Resource.Metadata.Name, cancellation), arguments));
            return Handled.Done;
        });
        new ResourcePrinter(session.Format, session.Terminal.Out).Print(found.ToImmutable());
        return exit;
    }

    private static Resource Shown(Resource resource, ParseResult arguments) => arguments.GetValue(Export)
        ? AppliedSet.Without(resource) with { Metadata = AppliedSet.Without(resource).Metadata with { Uid = null, ResourceVersion = null, CreationTimestamp = null, Namespace = null } }
        : resource;
}
