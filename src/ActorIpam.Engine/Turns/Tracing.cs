using System.Diagnostics;
using ActorIpam.Engine.Counting;
using ActorIpam.EventSourcing;

namespace ActorIpam.Engine.Turns;

/// <summary>The spans of forwards, turns and commits. While nobody listens, none is made.</summary>
public static class Tracing
{
    /// <summary>The name under which a listener finds them.</summary>
    public const string SourceName = "ActorIpam";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The span in which a command is made, so that its turn can be found from it.</summary>
    internal static ActivityContext Here => Source.HasListeners() && Activity.Current is { } current ? current.Context : default;

    /// <summary>A turn, under the request of its first command and linked to those of the others.</summary>
    internal static Activity? Turn(IReadOnlyList<Command> commands)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var others = commands.Skip(1).Select(static command => command.Trace).Where(static trace => trace != default).Select(static trace => new ActivityLink(trace));
        return Source.StartActivity("turn", ActivityKind.Internal, commands[0].Trace, links: others)?.SetTag("ipam.commands", commands.Count);
    }

    internal static Activity? Commit(Unit unit) => Source.HasListeners()
        ? Source.StartActivity("commit")?.SetTag("ipam.commit", unit.Commit.ToString()).SetTag("ipam.appends", unit.Appends.Length)
        : null;

    /// <summary>A request that is sent on to the member that owns its host; the way to it carries the span on.</summary>
    internal static Activity? Forward(string call, string owner) => Source.HasListeners()
        ? Source.StartActivity("forward", ActivityKind.Client)?.SetTag("ipam.call", call).SetTag("ipam.owner", owner)
        : null;

    /// <summary>Notes how a forward ended.</summary>
    internal static void Note(Activity? forward, string end)
    {
        forward?.SetTag("ipam.outcome", end);
        if (end is ForwardEnds.Silent or ForwardEnds.Late)
        {
            forward?.SetStatus(ActivityStatusCode.Error, end);
        }
    }

    /// <summary>Notes what became of a commit: won, lost, refused, failed.</summary>
    internal static void Note(Activity? commit, Outcome outcome)
    {
        commit?.SetTag("ipam.outcome", outcome.GetType().Name.ToLowerInvariant());
        if (outcome is Outcome.Failed failed)
        {
            commit?.SetStatus(ActivityStatusCode.Error, failed.Why);
        }
    }
}
