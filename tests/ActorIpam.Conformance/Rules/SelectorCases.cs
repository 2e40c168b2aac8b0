using ActorIpam.Conformance.Cases;
using ActorIpam.Domain.Selectors;

namespace ActorIpam.Conformance.Rules;

/// <summary>selectors.yaml: what a selector matches, and its normal form.</summary>
internal static class SelectorCases
{
    public static void Match(Case one, Findings findings)
    {
        var text = one.Fields.Text("expr");
        var labels = one.Fields.Get("labels").Map().Take().ToDictionary(label => label.Key, label => label.Value.Text(), StringComparer.Ordinal);
        var parsed = Selector.TryParse(text, out var selector, out var error);
        var found = parsed ? (selector!.Matches(labels) ? "match" : "nomatch") : "error";
        var expected = one.Fields.Text("expect");
        findings.True(
            $"expected {expected}, got {found}{(parsed ? $" from {selector!.Canonical}" : $" ({error})")}",
            expected is "match" or "nomatch" or "error" ? expected == found : throw new CaseFormatException(one.Id, $"unknown expectation '{expected}'."));
        one.Fields.NoOthers();
    }

    public static void Canonical(Case one, Findings findings)
    {
        if (!Selector.TryParse(one.Fields.Text("input"), out var selector, out var error))
        {
            findings.Add($"expected a selector, got an error: {error}");
            return;
        }

        findings.Equal("output", one.Fields.Text("output"), selector.Canonical);
        if (one.Fields.TextOrNull("uid") is { } uid)
        {
            findings.Equal("uid", uid, selector.Uid);
        }

        findings.True("the normal form is not its own normal form", Selector.TryParse(selector.Canonical, out var again, out _) && again.Canonical == selector.Canonical);
        one.Fields.NoOthers();
    }
}
