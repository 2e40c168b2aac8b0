using System.Runtime.CompilerServices;
using ActorIpam.Client.Http;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Cli.Watching;

/// <summary>Follows the journal of all streams without an end: asks again with the token of the answer before.</summary>
/// <remarks>A member knows only its own tokens. When another one answers, or the same after a restart, it begins again and says so: what was recorded in between is not shown.</remarks>
internal sealed class JournalTail(Session session)
{
    private const int WaitSeconds = 10, Gone = 410;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public async IAsyncEnumerable<JournalEntry> RowsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        string? token = null;
        var isFirst = true;
        while (true)
        {
            var (page, lost) = await NextAsync(token, isFirst, cancellation);
            if (lost)
            {
                await session.Terminal.Error.WriteLineAsync("The member does not know the place any more; what was recorded meanwhile is not shown.");
            }

            foreach (var row in page?.Items ?? [])
            {
                yield return row;
            }

            token = lost ? null : page?.Continue ?? token;
            isFirst = false;
            if (page is null && !lost)
            {
                await session.Terminal.Wait(Pause, cancellation);
            }
        }
    }

    /// <returns>No page when no member answers now, or when the place is lost.</returns>
    private async Task<(JournalPage? Page, bool Lost)> NextAsync(string? token, bool isFirst, CancellationToken cancellation)
    {
        try
        {
            return (await session.Client.Console.TailAsync(token, WaitSeconds, cancellation), false);
        }
        catch (ApiException e) when (e.Status.Code == Gone && token is not null)
        {
            return (null, true);
        }
        catch (ServerUnreachableException) when (!isFirst)
        {
            return (null, false);
        }
        catch (ApiException e) when (e.Status.Code == 503 && !isFirst)
        {
            return (null, false);
        }
    }
}
