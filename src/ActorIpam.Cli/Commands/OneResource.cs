using System.CommandLine;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Commands;

/// <summary>The arguments <c>KIND NAME</c>.</summary>
internal sealed class OneResource
{
    private readonly Argument<string> _kind = new("kind") { Description = KindArguments.KindDescription };
    private readonly Argument<string> _name = new("name") { Description = "The resource's name." };

    public void AddTo(Command command)
    {
        command.Add(_kind);
        command.Add(_name);
    }

    /// <exception cref="CommandFailure">There is no such kind.</exception>
    public (ResourceKind Kind, string Name) Of(ParseResult arguments) =>
        (KindArguments.Find(arguments.GetRequiredValue(_kind)), arguments.GetRequiredValue(_name));
}
