using System.Collections.Concurrent;
using ActorIpam.Client.Answers;

namespace ActorIpam.Server.Applying;

/// <summary>What became of each file of the watched folder.</summary>
internal sealed class IngestLedger(string? folder)
{
    public const string Applied = "applied", Refused = "refused", Waiting = "waiting", Vanished = "vanished";

    private readonly ConcurrentDictionary<string, IngestedFile> _files = new(StringComparer.Ordinal);

    public void Note(string file, string state, int? resources, DateTimeOffset at, string? error) =>
        _files.AddOrUpdate(file, _ => new(file, state, resources ?? 0, at, error), (_, before) => new(file, state, resources ?? before.Resources, at, error));

    public IngestStatus Status() => new()
    {
        Folder = folder,
        Items = [.. _files.Values.OrderBy(file => file.File, StringComparer.Ordinal)],
    };
}
