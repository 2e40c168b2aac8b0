using System.Collections.Immutable;

namespace ActorIpam.Client.Answers;

/// <summary>What became of the definitions in the folder a member watches.</summary>
public sealed record IngestStatus
{
    /// <summary>The folder; null when none is watched.</summary>
    public string? Folder { get; init; }

    /// <summary>Its files, by name.</summary>
    public required ImmutableArray<IngestedFile> Items { get; init; }
}

/// <param name="File">The name inside the folder.</param>
/// <param name="State">applied, refused (nothing of it was applied), waiting (the member could not write; it tries again) or vanished.</param>
/// <param name="Resources">How many resources it held when it was last applied.</param>
/// <param name="At">When the state was reached.</param>
/// <param name="LastError">What was wrong with it the last time; null when nothing was since it was applied.</param>
public sealed record IngestedFile(string File, string State, int Resources, DateTimeOffset At, string? LastError);
