namespace ActorIpam.Storage;

/// <summary>Another process, or another journal of this process, has the storage open. Only one may write it.</summary>
public sealed class StorageInUseException(string file, Exception cause)
    : Exception($"The journal {file} is in use by another process: stop it first, or give this one a storage of its own.", cause);

/// <summary>The storage was written by a newer release, or is no journal of ours.</summary>
public sealed class StorageUnreadableException(string message) : Exception(message);
