namespace ActorIpam.Storage.Portable;

/// <summary>A backup, a restore or a move cannot be done. The message is a sentence for an operator, without secrets; nothing was written.</summary>
public sealed class CareException(string message, Exception? cause = null) : Exception(message, cause);
