using System.Text.Json;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.Door;
using ActorIpam.Runtime;

namespace ActorIpam.Server.Api;

/// <summary>Checks what is stored, and repairs it: <c>GET /ipam/v1/check</c> and <c>POST /ipam/v1/check/repair</c>.</summary>
/// <remarks>Both can take long. With <c>progress=true</c>, and for a repair always, the answer is JSON lines: how far it is, and at last the report.</remarks>
internal sealed class CheckApi(IpamDoor door)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ipam/v1/check", CheckAsync);
        routes.MapPost("/ipam/v1/check/repair", RepairAsync);
    }

    private async Task CheckAsync(HttpContext context)
    {
        var progress = context.Request.Flag("progress");
        if ((context.Request.UnknownParameter("progress") ?? progress.Problem) is { } problem)
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        await (progress.Value == true
            ? TellAsync(context, async tell => new() { Report = await door.CheckAsync(tell, context.RequestAborted) })
            : context.Response.WriteAsync(200, await door.CheckAsync(context.RequestAborted), ApiJson.Default.CheckReport));
    }

    private async Task RepairAsync(HttpContext context)
    {
        var received = await Call.ReadAsync(context, ExplainJson.Default.RepairRequest);
        await (received.Is(out _, out var problem)
            ? TellAsync(context, async tell => new() { Repair = await door.RepairAsync(tell, context.RequestAborted) })
            : context.Response.WriteAsync(problem));
    }

    private static async Task TellAsync(HttpContext context, Func<Action<CheckProgress>, Task<CheckLine>> work)
    {
        CheckProgress? latest = null;
        var working = work(progress => Volatile.Write(ref latest, progress));
        context.Response.ContentType = "application/json";
        while (await Task.WhenAny(working, Task.Delay(Beat, context.RequestAborted)) != working)
        {
            context.RequestAborted.ThrowIfCancellationRequested();
            if (Interlocked.Exchange(ref latest, null) is { } progress)
            {
                await LineAsync(context.Response, new() { Progress = progress });
            }
        }

        await LineAsync(context.Response, await EndAsync(working));
    }

    /// <summary>The answer has begun, so what goes wrong is told in its last line.</summary>
    private static async Task<CheckLine> EndAsync(Task<CheckLine> working)
    {
        try
        {
            return await working;
        }
        catch (UnavailableException unavailable)
        {
            return new() { Status = unavailable.Message };
        }
    }

    private static async Task LineAsync(HttpResponse response, CheckLine line)
    {
        await response.Body.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(line, ExplainJson.Default.CheckLine), (byte)'\n']);
        await response.Body.FlushAsync();
    }
}
