using System.Globalization;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine.Door;
using ActorIpam.Server.Api.Selecting;
using ActorIpam.Server.Api.Tables;

namespace ActorIpam.Server.Api.Watching;

/// <summary>Answers <c>?watch=true</c>: changes as they happen, a JSON line each, until the caller goes, its time is over or the member stops.</summary>
internal sealed class ResourceWatch(IpamDoor door, CatalogFeed feed, TimeProvider time, CancellationToken stopping)
{
    /// <summary>How many watches a member serves at once.</summary>
    private const int MostWatchers = 500;

    private static readonly TimeSpan LongestWatch = TimeSpan.FromHours(1), BookmarkInterval = TimeSpan.FromSeconds(30);

    private int _watchers;

    public async Task ServeAsync(HttpContext context, ResourceKind kind, Selection selection, Presentation presentation)
    {
        if (!Since(context.Request).Is(out var since, out var problem) || !Lasting(context.Request).Is(out var lasting, out problem))
        {
            await context.Response.WriteAsync(problem);
            return;
        }

        if (Interlocked.Increment(ref _watchers) > MostWatchers)
        {
            Interlocked.Decrement(ref _watchers);
            await context.Response.WriteAsync(RefusalStatus.Of(new Refusal(RefusalCode.TooBusy, $"{MostWatchers} watches are served already.")));
            return;
        }

        using var over = new CancellationTokenSource(lasting, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stopping, context.RequestAborted);
        try
        {
            await StreamAsync(context, kind, selection, presentation, since, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // A watch ends when its time is over; that is how it is meant.
        }
        finally
        {
            Interlocked.Decrement(ref _watchers);
        }
    }

    private async Task StreamAsync(HttpContext context, ResourceKind kind, Selection selection, Presentation presentation, long since, CancellationToken ended)
    {
        var list = since == 0 ? await door.ListAsync(kind, ended) : null;
        var told = list?.ResourceVersion ?? since;
        var tail = await feed.AfterAsync(told, ended);
        if (tail.IsExpired)
        {
            await context.Response.WriteAsync(WatchStream.Expired(told));
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.StartAsync(ended);
        await context.Response.Body.FlushAsync(ended);
        var stream = new WatchStream(context.Response, kind, selection, presentation);
        foreach (var resource in list?.Items.Where(selection.Holds) ?? [])
        {
            await stream.TellAsync("ADDED", resource, ended);
        }

        try
        {
            await FollowAsync(stream, tail, context.Request.Parameter("allowWatchBookmarks") is "true" or "1", ended);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.CompleteAsync();
        }
    }

    private async Task FollowAsync(WatchStream stream, FeedTail tail, bool withBookmarks, CancellationToken ended)
    {
        var (history, bookmarked) = (tail.History, time.GetTimestamp());
        try
        {
            while (true)
            {
                foreach (var change in tail.Changes)
                {
                    await stream.TellAsync(change, ended);
                }

                if (withBookmarks && time.GetElapsedTime(bookmarked) >= BookmarkInterval)
                {
                    await stream.BookmarkAsync(tail.Version, ended);
                    bookmarked = time.GetTimestamp();
                }

                await feed.WaitAsync(ended);
                var next = await feed.AfterAsync(tail.Version, ended);
                if (next.IsExpired || next.History != history)
                {
                    await stream.ExpireAsync(ended);
                    return;
                }

                tail = next;
            }
        }
        catch (OperationCanceledException) when (withBookmarks)
        {
            await stream.BookmarkAsync(tail.Version, CancellationToken.None);
            throw;
        }
    }

    /// <summary>The version to go on from; 0 asks for what exists first.</summary>
    private static Received<long> Since(HttpRequest request) =>
        long.TryParse(request.Parameter("resourceVersion") ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : RefusalStatus.Of(new Refusal(RefusalCode.Malformed, "resourceVersion must be a number.", "resourceVersion"));

    private static Received<TimeSpan> Lasting(HttpRequest request) =>
        request.Parameter("timeoutSeconds") is not { } text ? LongestWatch
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Clamp(seconds, 1, LongestWatch.TotalSeconds))
        : RefusalStatus.Of(new Refusal(RefusalCode.Malformed, "timeoutSeconds must be a whole number.", "timeoutSeconds"));
}
