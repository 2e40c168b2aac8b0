namespace ActorIpam.Storage;

/// <summary>The order of the names of streams, which are ASCII.</summary>
internal static class StreamNames
{
    /// <summary>A text behind every name that begins with the prefix, and before any other that follows them.</summary>
    public static string Behind(string prefix) => prefix.Length == 0 ? "\uffff" : prefix[..^1] + (char)(prefix[^1] + 1);
}
