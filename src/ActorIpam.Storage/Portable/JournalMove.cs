using ActorIpam.Storage.Postgres;
using ActorIpam.Storage.Sqlite;

namespace ActorIpam.Storage.Portable;

/// <summary>Moves a journal that nobody uses into an empty one, of the same or the other kind of storage.</summary>
/// <remarks>
/// The source is left behind before the target can be seen: whenever this is killed, at most one of the two can be started on. Killed between the two, the source says
/// where it was to go, and the same move may be done again.
/// </remarks>
/// <param name="time">Tells when it was.</param>
/// <param name="tell">Called now and then with how far it is; null when nobody watches.</param>
public sealed class JournalMove(TimeProvider time, Action<string>? tell)
{
    /// <returns>How many rows were moved and compared.</returns>
    /// <exception cref="CareException">It cannot be done; the source is as it was, and the target empty.</exception>
    public async Task<long> RunAsync(JournalPlace from, JournalPlace to, CancellationToken cancellation)
    {
        await using var source = await OpenAsync(from, cancellation);
        if (await source.LeftForAsync(cancellation) is { } left && left != to.Label)
        {
            throw new CareException($"This journal was moved to {left} already: move that one.");
        }

        await using var target = await JournalRestore.OpenAsync(to, time, cancellation);
        await target.WriteAsync(new CopyProgress("moving", tell).PassAsync(source.RowsAsync(cancellation), cancellation), cancellation);
        var rows = await RowComparison.RunAsync(source.RowsAsync(cancellation), target.RowsAsync(cancellation), new("comparing", tell), cancellation);
        await source.LeaveAsync(to.Label, cancellation);
        try
        {
            await target.PublishAsync(cancellation);
        }
        catch (CareException failed)
        {
            throw new CareException($"{failed.Message} The source is left behind already, and nothing is at the target: do the same move again.", failed);
        }

        return rows;
    }

    private async Task<IMovableOrigin> OpenAsync(JournalPlace from, CancellationToken cancellation) => from switch
    {
        JournalPlace.Sqlite sqlite => SqliteOrigin.OpenAlone(sqlite.File, time),
        JournalPlace.Postgres postgres => await PostgresOrigin.OpenAloneAsync(postgres.ConnectionString, cancellation),
        _ => throw new InvalidOperationException($"{from.GetType().Name} is opened nowhere."),
    };
}
