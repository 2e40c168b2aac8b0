namespace ActorIpam.Cli.Printing;

/// <summary>Prints differences in the unified form: three lines around each change.</summary>
internal sealed class DiffPrinter(TextWriter output, bool colored)
{
    private const int Around = 3;

    public void Print(string before, string after, string[] beforeLines, string[] afterLines)
    {
        Line('-', $"--- {before}");
        Line('+', $"+++ {after}");
        var lines = LineDiff.Of(beforeLines, afterLines);
        for (var at = 0; at < lines.Count;)
        {
            at = lines.FindIndex(at, l => l.Mark != ' ');
            if (at < 0)
            {
                return;
            }

            var (first, end) = Hunk(lines, at);
            PrintHunk(lines, first, end);
            at = end;
        }
    }

    /// <summary>The change at a place, with what is near enough to stand in the same hunk.</summary>
    private static (int First, int End) Hunk(List<(char Mark, string Line)> lines, int at)
    {
        var last = at;
        for (var i = at; i < lines.Count && i - last <= 2 * Around; i++)
        {
            last = lines[i].Mark != ' ' ? i : last;
        }

        return (Math.Max(0, at - Around), Math.Min(lines.Count, last + Around + 1));
    }

    private void PrintHunk(List<(char Mark, string Line)> lines, int first, int end)
    {
        Line('@', $"@@ -{Range(lines, first, end, '+')} +{Range(lines, first, end, '-')} @@");
        foreach (var (mark, line) in lines[first..end])
        {
            Line(mark, mark + line);
        }
    }

    /// <summary>Where a hunk stands in the text that has no lines of <paramref name="others"/>.</summary>
    private static string Range(List<(char Mark, string Line)> lines, int first, int end, char others)
    {
        var count = lines[first..end].Count(l => l.Mark != others);
        var start = lines[..first].Count(l => l.Mark != others) + (count > 0 ? 1 : 0);
        return FormattableString.Invariant($"{start},{count}");
    }

    private void Line(char mark, string text)
    {
        var color = !colored ? null : mark switch { '-' => "31", '+' => "32", '@' => "36", _ => null };
        output.WriteLine(color is null ? text : $"\u001b[{color}m{text}\u001b[0m");
    }
}
