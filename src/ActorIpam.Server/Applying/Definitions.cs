using System.Collections.Immutable;
using ActorIpam.Ingest;
using ActorIpam.Server.Hosting;

namespace ActorIpam.Server.Applying;

/// <summary>What <c>--apply</c> names, read as a whole before anything of it is applied.</summary>
internal static class Definitions
{
    /// <param name="path">A file or folder; null for none.</param>
    /// <exception cref="CannotStartException">Something cannot be read; a line a problem, with file, line and column.</exception>
    public static ImmutableArray<IngestedResource> Read(string? path)
    {
        if (path is null)
        {
            return [];
        }

        var read = ManifestFiles.Read([path], recursive: false, () => Stream.Null);
        return read.IsBroken
            ? throw new CannotStartException($"nothing of --apply {path} was applied:") { Details = [.. read.Problems.Select(p => p.ToString())] }
            : read.Resources;
    }
}
