using ActorIpam.Client.Json;
using ActorIpam.Engine.Recovering;
using ActorIpam.Server.Api.Watching;

namespace ActorIpam.Server.Api;

/// <summary>What hosts and operators tell a journal that was brought back from a backup.</summary>
internal sealed class RecoveryApi(IpamRecovery recovery, CatalogFeed feed)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ipam/v1/recovery", ShowAsync);
        routes.MapPost("/ipam/v1/recovery/report", context =>
            Call.PostAsync(context, RecoveryJson.Default.RecoveryReport, RecoveryJson.Default.RecoveryReportAnswer, recovery.ReportAsync, Limits.LargeBody));
        routes.MapPost("/ipam/v1/recovery/end", context => Call.PostAsync(context, RecoveryJson.Default.RecoveryEnd, RecoveryJson.Default.RecoveryView, async (end, cancellation) =>
        {
            var ended = await recovery.EndAsync(end, cancellation);
            feed.Wake();
            return ended;
        }));
    }

    private async Task ShowAsync(HttpContext context)
    {
        if (context.Request.UnknownParameter() is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        await Call.AnswerAsync(context, await recovery.ShowAsync(context.RequestAborted), RecoveryJson.Default.RecoveryView);
    }
}
