namespace ActorIpam.Domain.Selectors;

/// <summary>Why a text is no selector.</summary>
/// <param name="Position">Where reading stopped: the number of characters before it.</param>
/// <param name="Message">A sentence for the user, without the position.</param>
public readonly record struct SelectorError(int Position, string Message)
{
    public override string ToString() => $"{Message} (at character {Position + 1})";
}
