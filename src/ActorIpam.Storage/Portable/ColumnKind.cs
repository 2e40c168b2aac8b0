namespace ActorIpam.Storage.Portable;

/// <summary>What a column holds, whatever the storage calls it.</summary>
internal enum ColumnKind
{
    /// <summary>Text, or nothing.</summary>
    Text,

    /// <summary>JSON that must stay the very text it is: digests cover it.</summary>
    Json,

    /// <summary>64 bits.</summary>
    Number,

    /// <summary>32 bits.</summary>
    SmallNumber,

    /// <summary>UTC.</summary>
    Time,

    /// <summary>The id of a commit.</summary>
    Commit,

    /// <summary>One address.</summary>
    Address,

    /// <summary>A range of addresses.</summary>
    Range,

    /// <summary>Attributes as JSON with sorted names; nothing where they were blanked.</summary>
    Attributes,

    /// <summary>Addresses and generations.</summary>
    Grants,
}
