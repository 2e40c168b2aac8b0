using System.Collections.Immutable;

namespace ActorIpam.Domain;

/// <summary>An expected "no", with the sentence a user reads. Not an error, never logged as one.</summary>
/// <param name="Code">The code from the closed list.</param>
/// <param name="Message">One sentence that names the field or the reason.</param>
/// <param name="Field">The path of the field it is about, such as <c>spec.cidr</c> or <c>addresses[2].ip</c>; null if there is none.</param>
public sealed record Refusal(RefusalCode Code, string Message, string? Field = null)
{
    /// <summary>What led to it, a line each: which pools and blocks were ruled out, and why. Empty for refusals that say all in one sentence.</summary>
    public ImmutableArray<string> Details { get; init; } = [];
}

/// <summary>Either what was asked for or why not.</summary>
public readonly record struct Answer<T>
{
    private readonly T? _value;
    private readonly ImmutableArray<Refusal> _refusals;

    private Answer(T? value, ImmutableArray<Refusal> refusals)
    {
        _value = value;
        _refusals = refusals;
    }

    public bool IsRefused => !_refusals.IsDefaultOrEmpty;

    /// <summary>All reasons, most important first; empty when granted.</summary>
    public ImmutableArray<Refusal> Refusals => _refusals.IsDefault ? [] : _refusals;

    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public T Value => IsRefused ? throw new InvalidOperationException(_refusals[0].Message) : _value!;

    public static implicit operator Answer<T>(T value) => new(value, []);

    public static implicit operator Answer<T>(Refusal refusal) => new(default, [refusal]);

    public static implicit operator Answer<T>(ImmutableArray<Refusal> refusals) => new(default, refusals);
}
