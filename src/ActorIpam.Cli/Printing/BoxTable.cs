namespace ActorIpam.Cli.Printing;

/// <summary>A table in a frame of ASCII, as calicoctl prints what it knows of addresses.</summary>
internal static class BoxTable
{
    public static void Write(TextWriter output, IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = headings.Select((heading, i) => rows.Select(row => row[i].Length).Append(heading.Length).Max()).ToArray();
        var rule = "+" + string.Join("+", widths.Select(width => new string('-', width + 2))) + "+";
        output.WriteLine(rule);
        WriteRow(output, headings, widths);
        output.WriteLine(rule);
        foreach (var row in rows)
        {
            WriteRow(output, row, widths);
        }

        output.WriteLine(rule);
    }

    private static void WriteRow(TextWriter output, IReadOnlyList<string> row, int[] widths) =>
        output.WriteLine("| " + string.Join(" | ", row.Select((cell, i) => cell.PadRight(widths[i]))) + " |");
}
