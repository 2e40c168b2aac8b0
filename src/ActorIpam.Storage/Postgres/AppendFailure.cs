using System.Net.Sockets;
using Npgsql;

namespace ActorIpam.Storage.Postgres;

/// <summary>What to do after an append that failed (protocol.md §4, errors).</summary>
internal enum AppendFailure
{
    /// <summary>Nobody knows whether it was written.</summary>
    Unknown,

    /// <summary>Certainly rolled back; the same batch may win in a moment.</summary>
    Again,

    /// <summary>As <see cref="Again"/>, on a connection to another server: this one only reads.</summary>
    AgainElsewhere,

    /// <summary>Certainly rolled back; units of the batch stand in each other's or in somebody else's way.</summary>
    Contended,

    /// <summary>Certainly rolled back; one unit's data does not fit.</summary>
    DataError,

    /// <summary>Certainly rolled back: no space is left.</summary>
    StorageFull,

    /// <summary>Certainly rolled back: the account may not write.</summary>
    Forbidden,
}

internal static class AppendFailures
{
    /// <remarks>
    /// An error undoes the transaction, whatever the driver does with the connection afterwards: it drops it behind a full disk and others. What
    /// is worse than an error are a dying session's last words, and they say nothing about its commit.
    /// </remarks>
    /// <param name="failure">What the driver threw.</param>
    public static AppendFailure Judge(Exception failure) => failure is PostgresException { InvariantSeverity: "ERROR" } server
        ? Judge(server.SqlState)
        : AppendFailure.Unknown;

    /// <summary>Certainly rolled back, because what a unit says does not fit what is stored, or itself.</summary>
    public static bool IsSurprise(PostgresException failure) =>
        failure.InvariantSeverity == "ERROR" && (failure.SqlState == "AI001" || Judge(failure.SqlState) == AppendFailure.DataError);

    private static AppendFailure Judge(string state) => state switch
    {
        "25006" => AppendFailure.AgainElsewhere,
        "40P01" or "55P03" => AppendFailure.Contended,
        "53100" => AppendFailure.StorageFull,
        "42501" => AppendFailure.Forbidden,
        "40001" => AppendFailure.Again,
        _ when state.StartsWith("57", StringComparison.Ordinal) || state.StartsWith("58", StringComparison.Ordinal) => AppendFailure.Again,
        _ when state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal) => AppendFailure.DataError,
        _ => AppendFailure.Unknown,
    };

    public static bool IsOfStorage(Exception failure) =>
        failure is NpgsqlException or IOException or SocketException or TimeoutException or ObjectDisposedException or InvalidOperationException;
}
