namespace ActorIpam.Ingest;

/// <summary>A place in a text, counted from 1 in lines and characters.</summary>
public readonly record struct Position(int Line, int Column)
{
    public override string ToString() => $"{Line}:{Column}";
}

/// <summary>What is wrong with an input, and where.</summary>
/// <param name="Source">The file, or <c>-</c> for standard input, or how the caller names the text.</param>
/// <param name="At">Where; null when it is about the whole input.</param>
/// <param name="Field">The path of the field, such as <c>spec.blockSize</c>; null when it is not about a field.</param>
/// <param name="Message">One sentence.</param>
public sealed record Problem(string Source, Position? At, string? Field, string Message)
{
    /// <summary><c>file.yaml:12:9: spec.blockSize: sentence</c>; a sentence that names the field itself is not preceded by it.</summary>
    public override string ToString()
    {
        var place = At is { } at ? $"{Source}:{at}" : Source;
        return Field is null || Message.Contains(Field, StringComparison.Ordinal) ? $"{place}: {Message}" : $"{place}: {Field}: {Message}";
    }
}
