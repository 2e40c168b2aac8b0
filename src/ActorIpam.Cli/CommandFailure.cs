namespace ActorIpam.Cli;

/// <summary>A command cannot do what it was asked; the message goes to standard error and the exit status is 1.</summary>
internal sealed class CommandFailure(string message) : Exception(message);
