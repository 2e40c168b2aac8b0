using System.Collections.Immutable;
using System.Text.Json;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.Door;
using ActorIpam.Runtime;

namespace ActorIpam.Server.Api;

/// <summary>Writes the routes of a node as JSON lines: all of them, then what changes, looking once a second (<see cref="RouteEvent"/>).</summary>
/// <remarks>Nothing is queued: a caller who reads slowly delays the next look, which then tells more at once.</remarks>
internal sealed class RouteFeed(RouteWatch watch, string node, HttpResponse response)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Looks without a change until a BOOKMARK shows that the connection lives.</summary>
    private const int QuietLooks = 30;

    private static readonly RouteEvent Bookmark = new("BOOKMARK");

    /// <summary>Returns when the node is gone, the caller is gone or the member stops.</summary>
    public async Task RunAsync(CancellationToken ending)
    {
        response.ContentType = "application/json";
        try
        {
            await WriteAsync(Beginning(), ending);
            using var seconds = new PeriodicTimer(Look);
            for (var quiet = 0; await seconds.WaitForNextTickAsync(ending);)
            {
                if (await LookAsync(ending) is not { } lines)
                {
                    await WriteAsync([new("ERROR") { Status = RefusalStatus.Of(404, $"There is no Node {node} any more.") }], ending);
                    return;
                }

                quiet = lines.IsEmpty ? quiet + 1 : 0;
                if (quiet == QuietLooks)
                {
                    (lines, quiet) = ([Bookmark], 0);
                }

                await WriteAsync(lines, ending);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Nobody listens, or the member stops: the stream just ends.
        }
    }

    private ImmutableArray<RouteEvent> Beginning()
    {
        var all = watch.Routing;
        return
        [
            .. Lines("ADDED", all.Routes),
            new("NAT") { Nat = all.Nat },
            .. all.Warnings.IsEmpty ? [] : (RouteEvent[])[new("WARNINGS") { Warnings = all.Warnings }],
            Bookmark,
        ];
    }

    /// <summary>What changed; null when the node is gone. A journal that does not answer now answers a later look.</summary>
    private async Task<ImmutableArray<RouteEvent>?> LookAsync(CancellationToken ending)
    {
        try
        {
            return await watch.LookAsync(ending) is not { } change
                ? null
                :
                [
                    .. Lines("DELETED", change.Removed),
                    .. Lines("MODIFIED", change.Changed),
                    .. Lines("ADDED", change.Added),
                    .. change.Nat is { } nat ? (RouteEvent[])[new("NAT") { Nat = nat }] : [],
                    .. change.Warnings is { } warnings ? (RouteEvent[])[new("WARNINGS") { Warnings = warnings }] : [],
                ];
        }
        catch (UnavailableException)
        {
            return [];
        }
    }

    private static IEnumerable<RouteEvent> Lines(string type, ImmutableArray<RouteView> routes) => routes.Select(route => new RouteEvent(type) { Route = route });

    private async Task WriteAsync(ImmutableArray<RouteEvent> lines, CancellationToken ending)
    {
        foreach (var line in lines)
        {
            await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, ApiJson.Default.RouteEvent), ending);
            await response.Body.WriteAsync("\n"u8.ToArray(), ending);
        }

        await response.Body.FlushAsync(ending);
    }
}
