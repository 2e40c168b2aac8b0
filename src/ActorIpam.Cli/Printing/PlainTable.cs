namespace ActorIpam.Cli.Printing;

/// <summary>Aligned columns with at least three blanks between them, a line of headings, and a blank line behind.</summary>
internal static class PlainTable
{
    private const int Gap = 3;

    public static void Write(TextWriter output, IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = headings.Select((heading, i) => rows.Select(row => row[i].Length).Append(heading.Length).Max() + Gap).ToArray();
        foreach (var row in rows.Prepend(headings))
        {
            output.WriteLine(string.Concat(row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }

        output.WriteLine();
    }
}
