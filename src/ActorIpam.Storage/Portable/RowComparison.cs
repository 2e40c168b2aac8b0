namespace ActorIpam.Storage.Portable;

/// <summary>Holds two journals against each other, row by row in their common order.</summary>
internal static class RowComparison
{
    /// <returns>How many rows were compared.</returns>
    /// <exception cref="CareException">They differ; it says where first.</exception>
    public static async Task<long> RunAsync(IAsyncEnumerable<PortableRow> left, IAsyncEnumerable<PortableRow> right, CopyProgress progress, CancellationToken cancellation)
    {
        await using var one = left.GetAsyncEnumerator(cancellation);
        await using var other = right.GetAsyncEnumerator(cancellation);
        for (var rows = 0L; ; rows++)
        {
            var (isOne, isOther) = (await one.MoveNextAsync(), await other.MoveNextAsync());
            if (!isOne && !isOther)
            {
                return rows;
            }

            if (!isOne || !isOther || one.Current.Table != other.Current.Table || RowText.Of(one.Current) != RowText.Of(other.Current))
            {
                throw new CareException($"What was written differs from what was read, first at row {rows + 1}: {Text(isOne, one)} became {Text(isOther, other)}. Nothing is left of it.");
            }

            progress.Pass(one.Current);
        }
    }

    private static string Text(bool isThere, IAsyncEnumerator<PortableRow> rows) => isThere ? $"{rows.Current.Table.Name} {RowText.Of(rows.Current)}" : "the end";
}
