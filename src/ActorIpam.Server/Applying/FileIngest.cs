using System.Collections.Immutable;
using System.Security.Cryptography;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Door;
using ActorIpam.Ingest;
using ActorIpam.Runtime;
using ActorIpam.Server.Telemetry;

namespace ActorIpam.Server.Applying;

/// <summary>Applies the files of a folder that have changed, each whole or not at all.</summary>
/// <param name="door">Where definitions go.</param>
/// <param name="application">Applies one.</param>
/// <param name="changed">Called after something was applied.</param>
/// <param name="ledger">Remembers what became of each file.</param>
/// <param name="time">The clock.</param>
/// <param name="report">A line for each change and each bad file.</param>
/// <param name="log">The same as entries.</param>
internal sealed class FileIngest(IpamDoor door, Application application, Action changed, IngestLedger ledger, TimeProvider time, TextWriter report, ILogger log)
{
    // By name: the content that was dealt with last, so that nothing is done, or complained about, twice.
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);

    /// <summary>Looks at every file of the folder once.</summary>
    public async Task LookAsync(string folder, CancellationToken cancellation)
    {
        var found = Directory.EnumerateFiles(folder).Where(IsDefinition).Order(StringComparer.Ordinal).ToList();
        foreach (var path in found)
        {
            cancellation.ThrowIfCancellationRequested();
            await LookAtAsync(path, cancellation);
        }

        foreach (var gone in _seen.Keys.Except(found.Select(path => Path.GetFileName(path)!)).ToList())
        {
            _seen.Remove(gone);
            ledger.Note(gone, IngestLedger.Vanished, null, time.GetUtcNow(), null);
            Log.FileVanished(log, gone);
        }
    }

    /// <summary>Hidden names are none: editors and ConfigMaps (<c>..data</c>) keep their own things under them.</summary>
    private static bool IsDefinition(string path) =>
        !Path.GetFileName(path).StartsWith('.')
        && Path.GetExtension(path).ToLowerInvariant() is ".yaml" or ".yml" or ".json"
        && File.Exists(path);

    private async Task LookAtAsync(string path, CancellationToken cancellation)
    {
        var name = Path.GetFileName(path);
        if (Fingerprint(path) is not { } content || _seen.GetValueOrDefault(name) == content)
        {
            return;
        }

        try
        {
            await IngestAsync(path, name, cancellation);
            _seen[name] = content;
        }
        catch (UnavailableException e)
        {
            // Not the file's fault: it is tried again at the next look.
            ledger.Note(name, IngestLedger.Waiting, null, time.GetUtcNow(), e.Message);
            Log.FileWaits(log, name, e.Message);
        }
    }

    private async Task IngestAsync(string path, string name, CancellationToken cancellation)
    {
        var read = ManifestFiles.Read([path], recursive: false, () => Stream.Null);
        var problems = read.IsBroken ? read.Problems : await ProblemsAsync(read.Resources, cancellation);
        if (!problems.IsEmpty)
        {
            await RefuseAsync(name, problems);
            return;
        }

        var late = ImmutableArray.CreateBuilder<Problem>();
        foreach (var definition in read.Resources)
        {
            var answer = await application.ApplyOneAsync(definition.Resource);
            if (answer.IsRefused)
            {
                late.AddRange(answer.Refusals.Select(refusal => definition.Locate(refusal)));
            }
            else if (answer.Value != "unchanged")
            {
                await application.TellAsync(definition.Resource, answer.Value);
            }
        }

        changed();
        if (late.Count > 0)
        {
            // Somebody changed the catalog between the rehearsal and this.
            await RefuseAsync(name, late.ToImmutable());
            return;
        }

        ledger.Note(name, IngestLedger.Applied, read.Resources.Length, time.GetUtcNow(), null);
        Log.FileApplied(log, name, read.Resources.Length);
    }

    /// <summary>Everything that is wrong with the file as a whole, found before anything of it is applied.</summary>
    private async Task<ImmutableArray<Problem>> ProblemsAsync(ImmutableArray<IngestedResource> definitions, CancellationToken cancellation)
    {
        var problems = await Rehearsal.PlayAsync(door, definitions, time.GetUtcNow(), cancellation);
        if (!problems.IsEmpty)
        {
            return problems;
        }

        var refused = ImmutableArray.CreateBuilder<Problem>();
        foreach (var definition in definitions)
        {
            var tried = await application.TryAsync(definition.Resource, cancellation);
            refused.AddRange(tried.Refusals.Select(refusal => definition.Locate(refusal)));
        }

        return refused.ToImmutable();
    }

    private async Task RefuseAsync(string name, ImmutableArray<Problem> problems)
    {
        foreach (var problem in problems)
        {
            await report.WriteLineAsync($"ipamd: --watch: {problem}");
        }

        Log.FileRefused(log, name, problems.Length, string.Join(" | ", problems));
        ledger.CountRefused(problems.Length);
        ledger.Note(name, IngestLedger.Refused, null, time.GetUtcNow(), string.Join('\n', problems));
    }

    /// <summary>The content in short; null when the file has just gone or cannot be read yet.</summary>
    private static string? Fingerprint(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Convert.ToHexString(SHA256.HashData(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
