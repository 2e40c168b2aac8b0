using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using static ActorIpam.Domain.Views.IpamGuard;
using static ActorIpam.Domain.Views.IpamGuardRefusal;

namespace ActorIpam.Storage.Sqlite;

/// <summary>Judges and writes what units say about handles and requests (protocol.md §4), inside the writer's transaction.</summary>
internal sealed class SqliteGuards(SqliteConnection connection)
{
    /// <summary>Every guard that says no. A unit's own final releases count before its other guards.</summary>
    public ImmutableArray<RefusedGuard> Refusals(Unit unit)
    {
        if (unit.Guards.IsEmpty)
        {
            return [];
        }

        var refusals = ImmutableArray.CreateBuilder<RefusedGuard>();
        for (var index = 0; index < unit.Guards.Length; index++)
        {
            IpamGuardRefusal? refusal = unit.Guards[index] switch
            {
                HandleOpen open => RefusalOf(unit, open),
                NewRequest request => RefusalOf(unit, request),
                _ => null,
            };
            if (refusal is not null)
            {
                refusals.Add(new(index, refusal));
            }
        }

        return refusals.ToImmutable();
    }

    public void Write(Unit unit)
    {
        foreach (var guard in unit.Guards)
        {
            switch (guard)
            {
                case HandleClose close:
                    connection.Prepare(
                        """
                        INSERT INTO handle (id, closed_through, at) VALUES (?, ?, ?)
                        ON CONFLICT (id) DO UPDATE SET closed_through = max(closed_through, excluded.closed_through), at = max(at, excluded.at)
                        """).With(close.Handle).With(close.Through.UtcTicks).With(unit.At.UtcTicks).Run();
                    break;
                case NewRequest request:
                    // Replaces only what the judgement found to belong to an earlier life of the handle.
                    connection.Prepare("INSERT OR REPLACE INTO request (id, digest, issued, grants, at) VALUES (?, ?, ?, ?, ?)")
                        .With(request.Id).With(request.Digest).With(request.Issued?.UtcTicks).With(SqliteKeys.Pack(request.Grant)).With(unit.At.UtcTicks).Run();
                    break;
            }
        }
    }

    private IpamGuardRefusal? RefusalOf(Unit unit, HandleOpen open)
    {
        if (ClosedThrough(unit, open.Handle) is { } through && !(open.Issued > through))
        {
            return new HandleIsClosed(through);
        }

        foreach (var cap in open.Caps)
        {
            var held = HeldBy(open.Handle, cap.Family);
            if (held + cap.Adding > cap.Most)
            {
                return new HandleIsFull(cap.Family, held);
            }
        }

        return null;
    }

    private RequestKnown? RefusalOf(Unit unit, NewRequest request)
    {
        if (SqliteRows.RequestOf(connection, request.Id) is not { } known)
        {
            return null;
        }

        var closed = request.Handle is { } handle ? ClosedThrough(unit, handle) : null;
        return known.Issued <= closed && closed < request.Issued ? null : new RequestKnown(known);
    }

    private DateTimeOffset? ClosedThrough(Unit unit, string handle)
    {
        var through = SqliteRows.ClosedThrough(connection, handle);
        foreach (var guard in unit.Guards)
        {
            if (guard is HandleClose close && close.Handle == handle && !(close.Through <= through))
            {
                through = close.Through;
            }
        }

        return through;
    }

    private int HeldBy(string handle, IpFamily family) =>
        (int)connection.Prepare("SELECT count(*) FROM address WHERE handle = ? AND ip >= ? AND ip < ?")
            .With(handle).With([(byte)family]).With([(byte)(family + 1)]).First(static row => row.Number(0));
}
