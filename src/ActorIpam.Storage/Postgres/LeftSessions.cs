using System.Collections.Immutable;
using System.Globalization;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>Sessions that were left with a batch on its way to them. Each is ended before a unit is sent again (docs/decisions/0026).</summary>
/// <remarks>
/// What was sent to one may arrive, and be run, long after the same unit was sent again over another and told "no". It would be written then, and nobody would know of it.
/// A unit that won, or was lost to a head, is safe from its copies; one that a guard refused, or a full disk, is not.
/// </remarks>
internal sealed class LeftSessions(PostgresOptions options, TimeProvider time)
{
    /// <summary>Those of them that are still there are asked to go, and counted.</summary>
    private const string End = """
        select count(pg_terminate_backend(s.pid))
          from pg_stat_activity s join unnest($1, $2) as l (pid, since) on l.pid = s.pid and l.since = s.backend_start
        """;

    /// <summary>
    /// Who is ended while he waits for his standby has committed, and is seen before the standby has it. This commit waits for the standby too, and for all that was written before: behind it,
    /// what is seen stays.
    /// </summary>
    private const string Settle = "select pg_logical_emit_message(true, 'actor_ipam', 'settled') is null";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private ImmutableHashSet<SessionId> _left = [];

    public void Add(SessionId session) => ImmutableInterlocked.Update(ref _left, left => left.Add(session));

    /// <summary>Returns when none of them can run anything any more, and what they had committed is as safe as everything else.</summary>
    /// <param name="session">With the server that takes writes now. If it is another one than theirs, they ended with it.</param>
    /// <exception cref="NpgsqlException">It cannot be told; they are still left.</exception>
    /// <exception cref="OperationCanceledException">They do not end, or the server is silent; they are still left.</exception>
    public async Task EndAsync(AppendSession session)
    {
        var ending = _left;
        if (ending.IsEmpty)
        {
            return;
        }

        using var patience = new CancellationTokenSource(options.ReadTimeout, time);
        await using (var end = new NpgsqlCommand(End, session.Connection))
        {
            end.Parameters.Add(new() { Value = ending.Select(one => one.Process).ToArray() });
            end.Parameters.Add(new() { Value = ending.Select(one => one.Since).ToArray() });
            while (Convert.ToInt64(await end.ExecuteScalarAsync(patience.Token), CultureInfo.InvariantCulture) > 0)
            {
                await Task.Delay(Look, time, patience.Token);
            }
        }

        session.Alarm = null;
        await using var settle = new NpgsqlCommand(Settle, session.Connection);
        await settle.ExecuteScalarAsync(patience.Token);
        if (session.Alarm is { } alarm)
        {
            throw new NpgsqlException(alarm);
        }

        ImmutableInterlocked.Update(ref _left, left => left.Except(ending));
    }
}

/// <summary>A session of the server, told from every other that had its process number before or will have it.</summary>
/// <param name="Process">The number of its process.</param>
/// <param name="Since">When it began, by the server's clock.</param>
internal readonly record struct SessionId(int Process, DateTime Since);
