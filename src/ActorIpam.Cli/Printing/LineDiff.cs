namespace ActorIpam.Cli.Printing;

/// <summary>What stands in one text and not in the other, line by line, as the shortest list of removals and additions.</summary>
internal static class LineDiff
{
    /// <summary>Texts that differ in more lines than this, multiplied, are shown as one replaced by the other: finding the shortest would take too long.</summary>
    private const long MostPairs = 25_000_000;

    /// <summary>Each line with what becomes of it: ' ' stays, '-' goes, '+' comes.</summary>
    public static List<(char Mark, string Line)> Of(string[] before, string[] after)
    {
        var head = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        var tail = before[head..].Reverse().Zip(after[head..].Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
        var (gone, come) = (before[head..^tail], after[head..^tail]);
        return
        [
            .. before[..head].Select(line => (' ', line)),
            .. (long)gone.Length * come.Length <= MostPairs ? Shortest(gone, come) : [.. gone.Select(line => ('-', line)), .. come.Select(line => ('+', line))],
            .. before[^tail..].Select(line => (' ', line)),
        ];
    }

    private static List<(char Mark, string Line)> Shortest(string[] before, string[] after)
    {
        var common = CommonLengths(before, after);
        var lines = new List<(char, string)>();
        var (i, j) = (0, 0);
        while (i < before.Length || j < after.Length)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                lines.Add((' ', before[i++]));
                j++;
            }
            else if (j == after.Length || (i < before.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                lines.Add(('-', before[i++]));
            }
            else
            {
                lines.Add(('+', after[j++]));
            }
        }

        return lines;
    }

    /// <summary>How many lines the rests of the texts from each pair of places share, in order.</summary>
    private static int[,] CommonLengths(string[] before, string[] after)
    {
        var common = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
            {
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }
}
