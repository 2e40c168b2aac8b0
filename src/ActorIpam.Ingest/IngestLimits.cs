namespace ActorIpam.Ingest;

/// <summary>The bounds of what is read.</summary>
public static class IngestLimits
{
    /// <summary>How deep a document may nest.</summary>
    public const int MaxDepth = 32;

    /// <summary>How many bytes of UTF-8 a document may have: 1 MiB.</summary>
    public const int MaxDocumentBytes = 1024 * 1024;

    /// <summary>How many bytes one file or standard input may have: 64 MiB.</summary>
    public const int MaxInputBytes = 64 * 1024 * 1024;

    /// <summary>How many problems of one input are listed; more are not looked for.</summary>
    public const int MaxProblems = 100;
}
