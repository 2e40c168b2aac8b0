using System.Diagnostics;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Turns;

/// <summary>One thing asked of the actors: planned in a turn, true with its unit, then answered.</summary>
internal abstract class Command
{
    /// <summary>When nobody waits for the answer any more.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>The span it was asked in, while somebody listens to spans.</summary>
    public ActivityContext Trace { get; } = Tracing.Here;

    /// <summary>Plans the command on the draft.</summary>
    /// <returns>Whether it is part of the unit, waits for what the draft lacks, or must wait for the next turn.</returns>
    public abstract Planned Plan(Draft draft);

    /// <summary>The unit with this command is true: the answer of the last plan goes out.</summary>
    public abstract void Settle();

    /// <summary>A guard of this command said no. The command answers, or changes what it asks for.</summary>
    /// <returns>True when it is answered; false when it is to be planned again.</returns>
    public abstract bool Refuse(IpamGuardRefusal refusal);

    /// <summary>Nobody can answer.</summary>
    public abstract void Fail(Exception cause);
}

internal enum Planned
{
    /// <summary>Its part of the unit is drafted.</summary>
    Drafted,

    /// <summary>The draft lacks something; the need is noted.</summary>
    Waits,

    /// <summary>It must not share a unit with what is drafted already.</summary>
    NextTurn,

    /// <summary>It was answered that nobody can answer now.</summary>
    Failed,
}

/// <inheritdoc cref="Command"/>
/// <typeparam name="TResult">What it is answered with.</typeparam>
internal abstract class Command<TResult> : Command
{
    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult? _planned;

    /// <remarks>
    /// Awaited here: whatever waits on the task of the source itself, such as WaitAsync, would complete on the thread pool and leave the simulator's thread.
    /// </remarks>
    public async Task<TResult> AnswerAsync() => await _answer.Task;

    public sealed override Planned Plan(Draft draft)
    {
        var planned = Plan(draft, out _planned);
        return planned;
    }

    public sealed override void Settle() => _answer.TrySetResult(_planned!);

    public sealed override void Fail(Exception cause) => _answer.TrySetException(cause);

    public override bool Refuse(IpamGuardRefusal refusal) => throw new InvalidOperationException($"{GetType().Name} has no guard that could say {refusal}.");

    protected abstract Planned Plan(Draft draft, out TResult? result);

    protected bool AnswerNow(TResult result) => _answer.TrySetResult(result);
}
