using System.Collections.Immutable;
using System.CommandLine;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Http;
using ActorIpam.Domain.Resources;
using ActorIpam.Ingest;

namespace ActorIpam.Cli.Manifests;

/// <summary>What became of one resource.</summary>
internal enum Handled
{
    Done,

    /// <summary>It was left as it is, as an option asks for.</summary>
    Skipped,
}

/// <summary>Takes the resources of an input one by one: a failing one is told and the rest continue; what cannot be read stops all before the first.</summary>
internal sealed class ManifestRun(Session session, ManifestOptions options, ParseResult arguments)
{
    /// <summary>What the input gave; empty before it was read.</summary>
    public ImmutableArray<IngestedResource> Resources { get; private set; } = [];

    private TextWriter Error => session.Terminal.Error;

    /// <param name="done">The past tense for the report, such as <c>Applied</c>; null for none.</param>
    /// <param name="handle">Handles one resource; throws what the client throws.</param>
    public async Task<int> EachAsync(string? done, Func<IngestedResource, Task<Handled>> handle)
    {
        options.RefuseNamespace(arguments);
        if (Read() is not { } resources)
        {
            return 1;
        }

        Resources = resources;
        var tally = new ManifestTally(done);
        foreach (var resource in resources)
        {
            try
            {
                tally.Count(resource.Resource.Kind, await handle(resource));
            }
            catch (ApiException e)
            {
                tally.CountFailure();
                Tell(resource, e.Status);
            }
            catch (ServerUnreachableException e)
            {
                // The others would only wait for the same silence.
                tally.CountFailure(resources.Length - tally.Total);
                await Error.WriteLineAsync($"ipamctl: {e.Message}");
                break;
            }
        }

        tally.Report(session.Terminal);
        return tally.Failed > 0 ? 1 : 0;
    }

    private ImmutableArray<IngestedResource>? Read()
    {
        var files = arguments.GetValue(options.Files) is { Length: > 0 } given
            ? given
            : throw new CommandFailure("Name the definitions: -f FILE, -f FOLDER or -f -.");
        var read = ManifestFiles.Read(files, arguments.GetValue(options.Recursive), session.Terminal.Input);
        if (read.IsBroken)
        {
            foreach (var problem in read.Problems)
            {
                Error.WriteLine(problem);
            }

            Error.WriteLine($"ipamctl: the input has {Plural.Of(read.Problems.Length, "problem")}; nothing was done.");
            return null;
        }

        return !read.IsEmpty || arguments.GetValue(options.SkipEmpty)
            ? read.Resources
            : throw new CommandFailure($"There are no resources in {string.Join(", ", files)}.");
    }

    private void Tell(IngestedResource resource, Status status)
    {
        if (status.Details?.Causes is not { IsDefaultOrEmpty: false } causes)
        {
            causes = [new(status.Reason ?? "", status.Message, null)];
        }

        var subject = $"{ResourceKinds.Of(resource.Resource.Kind).Name} '{resource.Resource.Metadata.Name}'";
        foreach (var cause in causes)
        {
            var message = cause.Message.Contains($"'{resource.Resource.Metadata.Name}'", StringComparison.Ordinal) ? cause.Message : $"{subject}: {cause.Message}";
            Error.WriteLine(resource.Locate(cause.Field, message));
        }
    }
}
