using ActorIpam.Client.Answers;
using ActorIpam.Domain;
using ActorIpam.Engine.Door;
using ActorIpam.EventSourcing;
using ActorIpam.Runtime;
using ActorIpam.Server.Telemetry;

namespace ActorIpam.Server.Api;

/// <summary>The edge where what went wrong becomes an answer: a Status, never a stack trace.</summary>
internal static class Faults
{
    public static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response.StatusCode is 404 or 405 && context.Response.ContentLength is null)
            {
                await context.Response.WriteAsync(NotRouted(context));
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; there is nobody to answer.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            await context.Response.WriteAsync(StatusOf(e, context));
        }
    }

    private static Status StatusOf(Exception e, HttpContext context) => e switch
    {
        UnavailableException { StorageIsFull: true } => RefusalStatus.Of(507, e.Message),
        TooBusyException busy => RefusalStatus.Of(new Refusal(RefusalCode.TooBusy, busy.Message)),
        UnavailableException unavailable => Later(unavailable.Message, unavailable.RetryAfter),
        JournalUnavailableException => RefusalStatus.Unavailable(e.Message),
        BadHttpRequestException bad => RefusalStatus.Of(bad.StatusCode, bad.Message),
        _ => Unexpected(e, context),
    };

    private static Status Later(string message, TimeSpan wait) => RefusalStatus.Unavailable(message) with
    {
        Details = new() { RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) },
    };

    private static Status NotRouted(HttpContext context) => context.Response.StatusCode == 405
        ? RefusalStatus.Of(405, $"{context.Request.Method} is not possible here; {context.Response.Headers.Allow} is.")
        : RefusalStatus.Of(404, $"There is nothing at {context.Request.Path}.");

    /// <summary>A bug: the log has all of it, the caller only the name under which it is found there.</summary>
    private static Status Unexpected(Exception e, HttpContext context)
    {
        var id = Guid.NewGuid().ToString("N")[..12];
        var log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("ActorIpam.Api");
        Log.Fault(log, e, id, context.Request.Method, context.Request.Path.Value ?? "");
        return RefusalStatus.Of(500, $"Something unexpected happened; the member's log has it under {id}.");
    }
}
