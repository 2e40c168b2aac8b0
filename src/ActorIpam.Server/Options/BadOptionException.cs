namespace ActorIpam.Server.Options;

/// <summary>A setting cannot be used. The message is the one line the user reads.</summary>
internal sealed class BadOptionException(string message) : Exception(message);
