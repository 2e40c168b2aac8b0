using System.Diagnostics.CodeAnalysis;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;

namespace ActorIpam.Server.Api;

/// <summary>What came in, readable or not: either the value or the Status that says why.</summary>
internal readonly record struct Received<T>
{
    private Received(T? value, Status? problem)
    {
        Value = value;
        Problem = problem;
    }

    public T? Value { get; }

    public Status? Problem { get; }

    /// <summary>The value when it could be read.</summary>
    public bool Is([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Status? problem)
    {
        value = Value;
        problem = Problem;
        return problem is null;
    }

    public static implicit operator Received<T>(T value) => new(value, null);

    public static implicit operator Received<T>(Status problem) => new(default, problem);

    public static implicit operator Received<T>(Answer<T> answer) =>
        answer.IsRefused ? new(default, RefusalStatus.Of(answer.Refusals)) : new(answer.Value, null);
}
