using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ActorIpam.Client.Http;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Commands;

/// <summary>Sets or removes labels, all that are named or none (semantics.md §15).</summary>
internal static class LabelCommand
{
    /// <summary>How often it is tried again when others change the resource at the same time.</summary>
    private const int Attempts = 5;

    private static readonly Argument<string[]> Labels = new("label") { Description = "K=V, or K with --remove; more than one is fine.", HelpName = "K=V", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "Labels that have another value are changed." };
    private static readonly Option<bool> Remove = new("--remove") { Description = "Remove the labels instead; one that is missing is a failure." };

    public static (ExampleCommand, CommandBody) Build()
    {
        var one = new OneResource();
        var command = new ExampleCommand("label", "Set or remove labels of a resource.")
        {
            Examples =
            [
                ("Say where a node stands.", "ipamctl label node n1 zone=east rack=7"),
                ("It was moved.", "ipamctl label node n1 rack=8 --overwrite"),
                ("Remove a label.", "ipamctl label node n1 rack --remove"),
            ],
        };
        one.AddTo(command);
        command.Add(Labels);
        command.Add(Overwrite);
        command.Add(Remove);
        return (command, (arguments, session, cancellation) =>
        {
            var (kind, name) = one.Of(arguments);
            var wanted = arguments.GetValue(Remove) ? Removals(arguments) : Settings(arguments);
            return RunAsync(kind, name, wanted, arguments.GetValue(Overwrite), session, cancellation);
        }
        );
    }

    private static async Task<int> RunAsync(
        ResourceKind kind, string name, ImmutableArray<Wanted> wanted, bool overwrite, Session session, CancellationToken cancellation)
    {
        var resource = $"{ResourceKinds.Of(kind).Name} '{name}'";
        for (var attempt = 1; ; attempt++)
        {
            var metadata = (await session.Client.Resources.GetAsync(kind, name, cancellation)).Metadata;
            if (wanted.FirstOrDefault(w => !w.Fits(metadata, overwrite)) is { } misfit)
            {
                throw new CommandFailure(misfit.Value is null
                    ? $"{resource} has no label '{misfit.Key}'."
                    : $"{resource} has the label '{misfit.Key}' with the value '{metadata.Labels[misfit.Key]}': --overwrite changes it.");
            }

            try
            {
                if (wanted.Any(w => !w.Holds(metadata)))
                {
                    await session.Client.Resources.MergeAsync(kind, name, Patch(metadata, wanted), cancellation: cancellation);
                }

                break;
            }
            catch (ApiException e) when (e.Is(RefusalCode.Conflict) && attempt < Attempts)
            {
                // What was judged is no longer what is stored: judged again.
            }
        }

        await session.Terminal.Out.WriteLineAsync($"{(wanted[0].Value is null ? "Removed" : "Set")} {Plural.Of(wanted.Length, "label")} of {resource}.");
        return 0;
    }

    /// <summary>It names the version that was judged, so that nobody's change in between is overwritten.</summary>
    private static string Patch(Metadata metadata, ImmutableArray<Wanted> wanted)
    {
        var labels = new JsonObject(wanted.Select(w => KeyValuePair.Create(w.Key, (JsonNode?)w.Value)));
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = metadata.ResourceVersion?.ToString(CultureInfo.InvariantCulture), ["labels"] = labels },
        }.ToJsonString();
    }

    private static ImmutableArray<Wanted> Removals(ParseResult arguments) => Distinct(arguments, text => text.Contains('=', StringComparison.Ordinal)
        ? throw new CommandFailure($"--remove takes the names of labels, not '{text}'.")
        : new(text, null));

    private static ImmutableArray<Wanted> Settings(ParseResult arguments) => Distinct(arguments, text => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
        ? new(text[..equals], text[(equals + 1)..])
        : throw new CommandFailure($"A label is written K=V, not '{text}'."));

    private static ImmutableArray<Wanted> Distinct(ParseResult arguments, Func<string, Wanted> read)
    {
        ImmutableArray<Wanted> wanted = [.. arguments.GetRequiredValue(Labels).Select(read).Distinct()];
        return wanted.GroupBy(w => w.Key, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new CommandFailure($"The label '{twice.Key}' is given twice.")
            : wanted;
    }

    /// <summary>A label as it shall be; without a value it shall not be.</summary>
    private sealed record Wanted(string Key, string? Value)
    {
        public bool Holds(Metadata metadata) => metadata.Labels.GetValueOrDefault(Key) == Value;

        public bool Fits(Metadata metadata, bool overwrite) => Value is null
            ? metadata.Labels.ContainsKey(Key)
            : overwrite || Holds(metadata) || !metadata.Labels.ContainsKey(Key);
    }
}
