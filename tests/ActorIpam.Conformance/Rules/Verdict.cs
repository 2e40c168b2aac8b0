using ActorIpam.Conformance.Cases;
using ActorIpam.Domain;

namespace ActorIpam.Conformance.Rules;

/// <summary>The pair <c>expect: ok|error</c> and <c>reason</c> of cases about rules.</summary>
internal static class Verdict
{
    /// <summary>Compares the refusals with what the case expects; without <c>expect</c> it expects ok.</summary>
    /// <returns>True if nothing was refused and nothing had to be.</returns>
    public static bool Of(Fields one, IReadOnlyCollection<Refusal> refusals, Findings findings)
    {
        var codes = refusals.Select(refusal => refusal.Code).ToList();
        var reason = one.TextOrNull("reason");
        switch (one.TextOrNull("expect"))
        {
            case null or "ok":
                findings.True($"expected ok, got {ReasonCodes.List(codes)}", codes.Count == 0);
                return codes.Count == 0;
            case "error" when reason is null:
                findings.True("expected a refusal, got ok", codes.Count > 0);
                return false;
            case "error":
                findings.True(
                    $"expected {reason}, got {(codes.Count == 0 ? "ok" : ReasonCodes.List(codes))}",
                    ReasonCodes.Names(reason, codes, one.Path));
                return false;
            case var other:
                throw new CaseFormatException(one.Path, $"unknown expectation '{other}'.");
        }
    }
}
