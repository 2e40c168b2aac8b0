using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorIpam.Client.Answers;

namespace ActorIpam.Server.Applying;

/// <summary>What became of each file of the watched folder.</summary>
internal sealed class IngestLedger(string? folder)
{
    /// <summary>Every state a file can be in.</summary>
    public static readonly ImmutableArray<string> States = [Applied, Refused, Waiting, Vanished];

    public const string Applied = "applied", Refused = "refused", Waiting = "waiting", Vanished = "vanished";

    private readonly ConcurrentDictionary<string, IngestedFile> _files = new(StringComparer.Ordinal);
    private long _refusedFiles;
    private long _problems;

    /// <summary>How often a file was refused since the start.</summary>
    public long RefusedFiles => Interlocked.Read(ref _refusedFiles);

    /// <summary>The problems that were found in them.</summary>
    public long Problems => Interlocked.Read(ref _problems);

    public void CountRefused(int problems)
    {
        Interlocked.Increment(ref _refusedFiles);
        Interlocked.Add(ref _problems, problems);
    }

    public void Note(string file, string state, int? resources, DateTimeOffset at, string? error) =>
        _files.AddOrUpdate(file, _ => new(file, state, resources ?? 0, at, error), (_, before) => new(file, state, resources ?? before.Resources, at, error));

    public IngestStatus Status() => new()
    {
        Folder = folder,
        Items = [.. _files.Values.OrderBy(file => file.File, StringComparer.Ordinal)],
    };
}
