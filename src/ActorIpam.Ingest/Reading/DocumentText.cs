using System.Text;

namespace ActorIpam.Ingest;

/// <summary>One document of an input: its text, <c>---</c> line included, and the line it starts at.</summary>
internal readonly record struct DocumentText(string Text, int FirstLine)
{
    private const int MarkerLength = 3;

    /// <summary>True when nothing is in it but blanks, comments and markers.</summary>
    public bool IsBlank => !Significant().MoveNext();

    /// <summary>True when its first line is a YAML directive.</summary>
    public bool StartsWithDirective(out int line)
    {
        var lines = Significant();
        var any = lines.MoveNext();
        line = FirstLine + (any ? lines.Current.Number : 0);
        return any && lines.Current.Text.StartsWith('%');
    }

    /// <summary>True when it is JSON rather than YAML: brackets, then a quoted text.</summary>
    public bool LooksLikeJson
    {
        get
        {
            var text = WithoutMarker().AsSpan().TrimStart();
            var inside = text.TrimStart("{[ \t\r\n");
            return text is ['{' or '[', ..] && inside is ['"', ..];
        }
    }

    /// <summary>The text with blanks in place of a leading <c>---</c>: columns stay.</summary>
    public string WithoutMarker() => IsMarker(Text, 0, '-') ? "   " + Text[MarkerLength..] : Text;

    public bool IsTooLong => Encoding.UTF8.GetByteCount(Text) > IngestLimits.MaxDocumentBytes;

    /// <summary>Splits at lines that start with <c>---</c> or <c>...</c>: YAML allows those nowhere inside a document.</summary>
    public static IEnumerable<DocumentText> Split(string input)
    {
        var (start, startLine, line) = (0, 1, 1);
        for (var at = 0; at < input.Length; at = NextLine(input, at), line++)
        {
            var ends = IsMarker(input, at, '.');
            if (!ends && !(at > start && IsMarker(input, at, '-')))
            {
                continue;
            }

            yield return new(input[start..at], startLine);
            start = ends ? NextLine(input, at) : at;
            startLine = ends ? line + 1 : line;
        }

        yield return new(input[start..], startLine);
    }

    private IEnumerator<(string Text, int Number)> Significant()
    {
        var text = WithoutMarker();
        var number = 0;
        for (var at = 0; at < text.Length; at = NextLine(text, at), number++)
        {
            var line = text[at..NextLine(text, at)].Trim();
            if (line.Length > 0 && line[0] != '#')
            {
                yield return (line, number);
            }
        }
    }

    private static bool IsMarker(string text, int at, char mark) =>
        text.Length >= at + MarkerLength && text[at] == mark && text[at + 1] == mark && text[at + 2] == mark
        && (text.Length == at + MarkerLength || text[at + MarkerLength] is ' ' or '\t' or '\r' or '\n');

    private static int NextLine(string text, int at)
    {
        var end = text.AsSpan(at).IndexOfAny('\r', '\n');
        if (end < 0)
        {
            return text.Length;
        }

        end += at;
        return text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
    }
}
