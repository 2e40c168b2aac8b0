using ActorIpam.Server.Options;
using ActorIpam.Server.Telemetry;

namespace ActorIpam.Server.Hosting.WarmUp;

/// <summary>What a member does before it joins others: it serves itself, so that nobody waits while the code of a request is loaded and compiled (docs/decisions/0027).</summary>
internal static class Warming
{
    /// <summary>A machine so slow that it takes longer has other troubles than the first requests.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Serves a few requests of its own. Whatever goes wrong there is only logged: the member is then as slow at first as it would have been without.</summary>
    public static async Task RunAsync(ClusterOptions cluster, ILogger log)
    {
        using var end = new CancellationTokenSource(Longest);
        try
        {
            await ServeItselfAsync(cluster, log, end.Token).WaitAsync(end.Token);
        }
        catch (Exception e)
        {
            // Of whatever kind: nothing that goes on here may keep a member from starting.
            Log.NotWarm(log, e.Message);
        }
    }

    private static async Task ServeItselfAsync(ClusterOptions cluster, ILogger log, CancellationToken end)
    {
        await using var small = await SmallCluster.StartAsync(cluster, log);
        using var http = small.Connect();
        await new Rounds(http).PlayAsync(end);
    }
}
