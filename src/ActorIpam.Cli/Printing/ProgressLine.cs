namespace ActorIpam.Cli.Printing;

/// <summary>How far something is, on one line of a terminal that is written over; nothing in a pipe.</summary>
internal sealed class ProgressLine(Terminal terminal) : IDisposable
{
    private int _written;

    public void Tell(string line)
    {
        if (terminal.IsInteractive)
        {
            terminal.Error.Write("\r" + line.PadRight(_written));
            _written = line.Length;
        }
    }

    public void Clear()
    {
        if (_written > 0)
        {
            terminal.Error.Write("\r" + new string(' ', _written) + "\r");
            _written = 0;
        }
    }

    public void Dispose() => Clear();
}
