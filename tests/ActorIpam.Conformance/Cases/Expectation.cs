using ActorIpam.Domain;

namespace ActorIpam.Conformance.Cases;

/// <summary>What a step or case expects of an answer: to be granted, or a named refusal.</summary>
internal sealed class Expectation(Fields? fields, Findings findings)
{
    private readonly string? _error = fields?.TextOrNull("error");

    /// <summary>The fields of the expectation; null when the step has none and only has to succeed.</summary>
    public Fields? Fields => fields;

    public Findings Findings => findings;

    public static Expectation Of(Fields step, Findings findings) => new(step.Find("expect")?.Map(), findings);

    /// <summary>Compares the outcome.</summary>
    /// <param name="refusals">Why it was refused; empty when it was granted.</param>
    /// <returns>True if it was granted and had to be.</returns>
    public bool Outcome(IReadOnlyCollection<Refusal> refusals)
    {
        if (_error is null)
        {
            findings.True($"expected success, got {Told(refusals)}", refusals.Count == 0);
            return refusals.Count == 0;
        }

        findings.True(
            $"expected {_error}, got {(refusals.Count == 0 ? "success" : Told(refusals))}",
            ReasonCodes.Names(_error, refusals.Select(refusal => refusal.Code), fields!.Path));
        return false;
    }

    /// <inheritdoc cref="Outcome(IReadOnlyCollection{Refusal})"/>
    public bool Outcome<T>(Answer<T> answer) => Outcome(answer.Refusals);

    /// <summary>Compares one number, if the expectation names it.</summary>
    public void Number(string name, long actual)
    {
        if (fields?.Find(name) is { } expected)
        {
            findings.Equal(name, expected.Number(), actual);
        }
    }

    public void NoOthers() => fields?.NoOthers();

    private static string Told(IReadOnlyCollection<Refusal> refusals) =>
        string.Join(", ", refusals.Select(refusal => $"{ReasonCodes.Of(refusal.Code)} ({refusal.Message})"));
}
