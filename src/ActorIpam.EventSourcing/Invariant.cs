using System.Runtime.CompilerServices;

namespace ActorIpam.EventSourcing;

/// <summary>Assertions about our own state, on in production: stopping loses less than guessing.</summary>
public static class Invariant
{
    /// <param name="condition">What must hold.</param>
    /// <param name="law">Which law says so, for example <c>INV-1</c>.</param>
    /// <param name="message">What was found instead.</param>
    public static void Holds(bool condition, string law, [InterpolatedStringHandlerArgument(nameof(condition))] ref InvariantMessage message)
    {
        if (!condition)
        {
            throw new InvariantViolationException(law, message.ToString());
        }
    }

    /// <inheritdoc cref="Holds(bool, string, ref InvariantMessage)"/>
    public static void Holds(bool condition, string law, string message)
    {
        if (!condition)
        {
            throw new InvariantViolationException(law, message);
        }
    }
}

/// <summary>Formats the message of a broken invariant only when it is broken.</summary>
[InterpolatedStringHandler]
public ref struct InvariantMessage
{
    private DefaultInterpolatedStringHandler _text;

    public InvariantMessage(int literalLength, int formattedCount, bool condition, out bool wanted)
    {
        wanted = !condition;
        _text = wanted ? new(literalLength, formattedCount) : default;
    }

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public override string ToString() => _text.ToStringAndClear();
}

/// <summary>A law of the system does not hold: a bug or a corrupted journal. Nothing is written and whoever asked is told; what was remembered is read anew.</summary>
public sealed class InvariantViolationException(string law, string message) : Exception($"{law} is violated: {message}")
{
    public string Law { get; } = law;
}
