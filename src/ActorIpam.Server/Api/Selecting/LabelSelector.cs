using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;

namespace ActorIpam.Server.Api.Selecting;

/// <summary>A selector over labels as Kubernetes clients write it: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k</c>; all parts must hold.</summary>
/// <remarks>It is not the language of <c>nodeSelector</c>: that one is a field of the resources, this one a question about them.</remarks>
internal sealed partial class LabelSelector
{
    private readonly ImmutableArray<Requirement> _requirements;

    private LabelSelector(ImmutableArray<Requirement> requirements) => _requirements = requirements;

    /// <summary>Selects everything.</summary>
    public static LabelSelector Everything { get; } = new([]);

    /// <returns>The selector, or a Status that shows the part that cannot be read.</returns>
    public static Received<LabelSelector> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Everything;
        }

        var requirements = ImmutableArray.CreateBuilder<Requirement>();
        foreach (var part in Parts().Split(text).Select(part => part.Trim()))
        {
            if (Read(part) is not { } requirement)
            {
                return RefusalStatus.Of(new Refusal(RefusalCode.Malformed, $"labelSelector: '{part}' is none of key=value, key!=value, key in (a,b), key notin (a,b), key, !key.", "labelSelector"));
            }

            requirements.Add(requirement);
        }

        return new LabelSelector(requirements.ToImmutable());
    }

    public bool Matches(ImmutableSortedDictionary<string, string> labels) => _requirements.All(requirement => requirement.Holds(labels));

    private static Requirement? Read(string part)
    {
        if (Presence().Match(part) is { Success: true } presence)
        {
            return new(presence.Groups["key"].Value, IsNegated: presence.Groups["not"].Length > 0, Values: null);
        }

        if (Equality().Match(part) is { Success: true } equality)
        {
            return new(equality.Groups["key"].Value, equality.Groups["op"].Value == "!=", [equality.Groups["value"].Value]);
        }

        return Membership().Match(part) is { Success: true } membership
            ? new(
                membership.Groups["key"].Value, membership.Groups["op"].Value == "notin",
                [.. membership.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries)])
            : null;
    }

    /// <param name="Key">The label.</param>
    /// <param name="IsNegated">Whether the rest must not hold; a missing label never equals a value.</param>
    /// <param name="Values">One of them; null when only the label's presence counts.</param>
    private sealed record Requirement(string Key, bool IsNegated, ImmutableArray<string>? Values)
    {
        public bool Holds(ImmutableSortedDictionary<string, string> labels) =>
            (labels.TryGetValue(Key, out var value) && (Values is not { } values || values.Contains(value))) != IsNegated;
    }

    /// <summary>The commas outside of parentheses.</summary>
    [GeneratedRegex(@",(?![^()]*\))")]
    private static partial Regex Parts();

    [GeneratedRegex(@"\A(?<not>!?)\s*(?<key>[A-Za-z0-9](?:[\w./-]*[A-Za-z0-9])?)\z", RegexOptions.ECMAScript)]
    private static partial Regex Presence();

    [GeneratedRegex(@"\A(?<key>[A-Za-z0-9](?:[\w./-]*[A-Za-z0-9])?)\s*(?<op>==|=|!=)\s*(?<value>[\w.-]*)\z", RegexOptions.ECMAScript)]
    private static partial Regex Equality();

    [GeneratedRegex(@"\A(?<key>[A-Za-z0-9](?:[\w./-]*[A-Za-z0-9])?)\s+(?<op>in|notin)\s*\((?<values>[\w.,\s-]*)\)\z", RegexOptions.ECMAScript)]
    private static partial Regex Membership();
}
