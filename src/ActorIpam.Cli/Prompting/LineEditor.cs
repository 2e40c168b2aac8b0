using System.Text;

namespace ActorIpam.Cli.Prompting;

/// <summary>Reads a line at a keyboard: the arrows move and recall, Tab completes, Home, End and Delete do what they say.</summary>
/// <param name="output">The terminal.</param>
/// <param name="keys">The next key; null when there will be no more.</param>
/// <param name="complete">The words that could stand at the end of a line.</param>
internal sealed class LineEditor(TextWriter output, Func<ConsoleKeyInfo?> keys, Func<string, IReadOnlyList<string>> complete)
{
    /// <summary>How many lines are recalled.</summary>
    private const int Kept = 500;

    private readonly List<string> _history = [];
    private readonly StringBuilder _line = new();
    private string _prompt = "";
    private string _draft = "";
    private int _cursor;
    private int _recalled;

    /// <summary>The next line; null at the end: Ctrl-D on an empty line.</summary>
    public string? Read(string prompt)
    {
        (_prompt, _draft, _cursor, _recalled) = (prompt, "", 0, _history.Count);
        _line.Clear();
        Paint();
        while (keys() is { } key)
        {
            switch (key)
            {
                case { Key: ConsoleKey.Enter }:
                    return Finish();
                case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } when _line.Length == 0:
                    output.WriteLine();
                    return null;
                case { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control }:
                    output.WriteLine("^C");
                    _line.Clear();
                    _cursor = 0;
                    break;
                default:
                    Edit(key);
                    break;
            }

            Paint();
        }

        return null;
    }

    private void Edit(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Backspace when _cursor > 0:
                _line.Remove(--_cursor, 1);
                break;
            case ConsoleKey.Delete when _cursor < _line.Length:
                _line.Remove(_cursor, 1);
                break;
            case ConsoleKey.LeftArrow:
                _cursor = Math.Max(0, _cursor - 1);
                break;
            case ConsoleKey.RightArrow:
                _cursor = Math.Min(_line.Length, _cursor + 1);
                break;
            case ConsoleKey.Home:
                _cursor = 0;
                break;
            case ConsoleKey.End:
                _cursor = _line.Length;
                break;
            case ConsoleKey.UpArrow:
                Recall(_recalled - 1);
                break;
            case ConsoleKey.DownArrow:
                Recall(_recalled + 1);
                break;
            case ConsoleKey.Tab:
                Complete();
                break;
            default:
                if (!char.IsControl(key.KeyChar))
                {
                    _line.Insert(_cursor++, key.KeyChar);
                }

                break;
        }
    }

    private string Finish()
    {
        output.WriteLine();
        var line = _line.ToString();
        if (line.Trim().Length > 0 && (_history.Count == 0 || _history[^1] != line))
        {
            _history.Add(line);
            _history.RemoveRange(0, Math.Max(0, _history.Count - Kept));
        }

        return line;
    }

    /// <summary>An earlier line, or behind the last one what was being typed.</summary>
    private void Recall(int which)
    {
        if (which < 0 || which > _history.Count)
        {
            return;
        }

        if (_recalled == _history.Count)
        {
            _draft = _line.ToString();
        }

        _recalled = which;
        Replace(which == _history.Count ? _draft : _history[which]);
    }

    /// <summary>The word before the cursor is completed as far as it is certain; when several are possible they are listed.</summary>
    private void Complete()
    {
        var before = _line.ToString(0, _cursor);
        var typed = before[(before.LastIndexOf(' ') + 1)..];
        var offered = complete(before);
        if (offered.Count == 0)
        {
            return;
        }

        var certain = offered.Aggregate(static (common, word) => Common(common, word));
        if (offered.Count == 1)
        {
            certain += " ";
        }

        if (certain.Length > typed.Length)
        {
            _line.Insert(_cursor, certain[typed.Length..]);
            _cursor += certain.Length - typed.Length;
        }
        else
        {
            output.WriteLine();
            output.WriteLine(string.Join("  ", offered));
        }
    }

    private static string Common(string one, string other)
    {
        var length = 0;
        while (length < one.Length && length < other.Length && one[length] == other[length])
        {
            length++;
        }

        return one[..length];
    }

    private void Replace(string line)
    {
        _line.Clear().Append(line);
        _cursor = line.Length;
    }

    /// <summary>Writes the line anew and puts the cursor into its place.</summary>
    private void Paint()
    {
        output.Write($"\r\u001b[K{_prompt}{_line}");
        if (_cursor < _line.Length)
        {
            output.Write($"\u001b[{_line.Length - _cursor}D");
        }

        output.Flush();
    }
}
