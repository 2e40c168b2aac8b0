using System.Text;

namespace ActorIpam.Cli;

/// <summary>Everything a command touches of the process around it.</summary>
internal sealed record Terminal
{
    /// <summary>The width that is assumed where there is none to ask for, as in a pipe.</summary>
    public const int DefaultWidth = 100;

    /// <summary>Results, and nothing but results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>What went wrong, and remarks.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opens standard input.</summary>
    public required Func<Stream> Input { get; init; }

    /// <summary>An environment variable, or null.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>Columns.</summary>
    public int Width { get; init; } = DefaultWidth;

    /// <summary>Whether the output is a terminal that shows colours.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Whether somebody sits at the keyboard who can be asked.</summary>
    public bool CanAsk { get; init; }

    /// <summary>The next key at the keyboard; null where there is none, as in a pipe.</summary>
    public Func<ConsoleKeyInfo?>? Keys { get; init; }

    /// <summary>Whether the output takes more than ASCII.</summary>
    public bool IsUnicode { get; init; } = true;

    /// <summary>How long a shell that wants to know how a line may go on is kept waiting: rather nothing than late.</summary>
    public TimeSpan SuggestWithin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Waits between attempts.</summary>
    public Func<TimeSpan, CancellationToken, Task> Wait { get; init; } = Task.Delay;

    public static Terminal OfProcess() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        Input = Console.OpenStandardInput,
        Environment = System.Environment.GetEnvironmentVariable,
        Width = Console.IsOutputRedirected ? DefaultWidth : WindowWidth(),
        IsInteractive = !Console.IsOutputRedirected && System.Environment.GetEnvironmentVariable("TERM") is not (null or "dumb"),
        CanAsk = !Console.IsInputRedirected && !Console.IsErrorRedirected,
        Keys = !Console.IsInputRedirected && !Console.IsOutputRedirected ? ReadKey : null,
        IsUnicode = Console.OutputEncoding is UTF8Encoding,
    };

    /// <summary>While a line is typed the interrupt key is a key like any other.</summary>
    private static ConsoleKeyInfo? ReadKey()
    {
        Console.TreatControlCAsInput = true;
        try
        {
            return Console.ReadKey(intercept: true);
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : DefaultWidth;
        }
        catch (IOException)
        {
            return DefaultWidth;
        }
    }
}
