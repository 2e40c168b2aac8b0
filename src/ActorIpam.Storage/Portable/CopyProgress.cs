using System.Runtime.CompilerServices;

namespace ActorIpam.Storage.Portable;

/// <summary>How far a backup, a restore or a move is.</summary>
/// <param name="doing">What is being done: reading, writing, comparing.</param>
/// <param name="tell">Called now and then; null when nobody watches.</param>
internal sealed class CopyProgress(string doing, Action<string>? tell)
{
    /// <summary>After so many rows a watcher is told.</summary>
    private const int Step = 4096;

    private long _rows;

    public void Pass(PortableRow row)
    {
        if (_rows++ % Step == 0)
        {
            tell?.Invoke($"{doing} {row.Table.Name}: {_rows} rows");
        }
    }

    public async IAsyncEnumerable<PortableRow> PassAsync(IAsyncEnumerable<PortableRow> rows, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            Pass(row);
            yield return row;
        }
    }
}
