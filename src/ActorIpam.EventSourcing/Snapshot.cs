using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ActorIpam.EventSourcing;

/// <summary>The fold of a stream up to one of its heads, kept so that a long stream is loaded from there (protocol.md §2).</summary>
/// <remarks>
/// INV-7: snapshot + tail = full replay. It is only a shortcut: one whose digest does not fit, whose schema is unknown here, or whose head is
/// no part of the history is passed over and reported, and the stream is read from an older one or from its first row.
/// </remarks>
/// <param name="Stream">The stream.</param>
/// <param name="Head">The head behind the last row that is folded in.</param>
/// <param name="Schema">The number of the state's schema.</param>
/// <param name="Sha256">The digest of all the rest, 64 hexadecimal digits.</param>
/// <param name="State">The state as JSON; the journal does not look inside.</param>
public sealed record Snapshot(StreamId Stream, Head Head, int Schema, string Sha256, string State)
{
    /// <summary>True if it is what was sealed. The digest covers stream and head too: a state that stands beside another head is damage.</summary>
    public bool IsIntact => Sha256 == DigestOf(Stream, Head, Schema, State);

    /// <summary>A snapshot with its digest.</summary>
    public static Snapshot Seal(StreamId stream, Head head, int schema, string state) => new(stream, head, schema, DigestOf(stream, head, schema, state), state);

    private static string DigestOf(StreamId stream, Head head, int schema, string state) => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{stream}\n{head.Version}\n{head.Commit}\n{schema}\n{state}"))));
}

/// <summary>A state as text and back.</summary>
public interface ISnapshotCodec<TState>
{
    /// <summary>The schema that <see cref="Write"/> writes.</summary>
    int Schema { get; }

    /// <summary>The state as a JSON object.</summary>
    string Write(TState state);

    /// <param name="beginning">The state of the stream before its first event: what its name says.</param>
    /// <param name="state">What <see cref="Write"/> wrote.</param>
    /// <param name="schema">The schema it was written with.</param>
    /// <exception cref="UnreadableEventException">A newer member wrote it, or it is damaged.</exception>
    TState Read(TState beginning, string state, int schema);
}

/// <summary>Where a member tells operators what is wrong with a stream: nothing is passed over silently.</summary>
public interface IStreamReports
{
    /// <param name="stream">The stream.</param>
    /// <param name="what">What was found and what it means, in sentences.</param>
    void Report(StreamId stream, string what);
}
