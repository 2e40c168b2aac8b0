using System.Text.RegularExpressions;

namespace ActorIpam.Cli.Printing;

/// <summary>A table in a frame of ASCII, as calicoctl prints what it knows of addresses: headings in the middle, plain numbers on the right.</summary>
internal static partial class BoxTable
{
    public static void Write(TextWriter output, IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = headings.Select((heading, i) => rows.Select(row => row[i].Length).Append(heading.Length).Max()).ToArray();
        var rule = "+" + string.Join("+", widths.Select(width => new string('-', width + 2))) + "+";
        output.WriteLine(rule);
        output.WriteLine(Line(headings.Select((heading, i) => Centred(heading, widths[i]))));
        output.WriteLine(rule);
        foreach (var row in rows)
        {
            output.WriteLine(Line(row.Select((cell, i) => Number().IsMatch(cell) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))));
        }

        output.WriteLine(rule);
    }

    private static string Line(IEnumerable<string> cells) => "| " + string.Join(" | ", cells) + " |";

    private static string Centred(string text, int width) => text.PadLeft(text.Length + ((width - text.Length) / 2)).PadRight(width);

    [GeneratedRegex(@"\A-?\d+(\.\d+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
