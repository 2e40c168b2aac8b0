using FsCheck;
using FsCheck.Fluent;

namespace ActorIpam.Specs.Selectors;

/// <summary>A selector that was made, not parsed: its text, with random spelling, and a naive meaning written beside it.</summary>
public sealed record Sample(string Text, Func<Dictionary<string, string>, bool> Means, bool IsGroup)
{
    private static readonly string[] Keys = ["a", "b", "in", "not", "has", "x/y.z-1"];
    private static readonly string[] Values = ["", "a", "ab", "ba", "it's", "say \"x\"", "ü", "&&"];

    public static Gen<Dictionary<string, string>> Labels { get; } =
        from count in Gen.Choose(0, 3)
        from keys in Gen.ArrayOf(Gen.Elements(Keys), count)
        from values in Gen.ArrayOf(Gen.Elements(Values), count)
        select keys.Zip(values).DistinctBy(pair => pair.First).ToDictionary(pair => pair.First, pair => pair.Second);

    public static Gen<Sample> Any { get; } = Gen.Sized(size => Tree(Math.Min(size, 5)));

    private static Gen<string> Blank { get; } = Gen.Elements("", " ", "\t", "  ");

    private static Gen<Sample> Tree(int depth) => depth == 0
        ? Leaf
        : Gen.Frequency((3, Leaf), (1, Negation(depth - 1)), (2, Joined(depth - 1, "&&")), (2, Joined(depth - 1, "||")));

    private static Gen<Sample> Leaf => Gen.OneOf(Comparison, Membership, Presence);

    private static Gen<Sample> Presence =>
        from key in Gen.Elements(Keys)
        from blank in Blank
        select new Sample($"has({blank}{key}{blank})", labels => labels.Any(label => label.Key == key), false);

    private static Gen<Sample> Comparison =>
        from key in Gen.Elements(Keys)
        from value in Gen.Elements(Values)
        from sign in Gen.Elements("==", "!=", "contains", "starts with", "startswith", "ends\twith")
        from blank in Blank
        let word = char.IsAsciiLetter(sign[0]) ? " " + sign : sign
        select new Sample($"{key}{blank}{word}{blank}{Quoted(value)}", labels => Compare(labels, key, sign, value), false);

    private static Gen<Sample> Membership =>
        from key in Gen.Elements(Keys)
        from count in Gen.Choose(0, 3)
        from values in Gen.ArrayOf(Gen.Elements(Values), count)
        from sign in Gen.Elements("in", "not in", "notin")
        from trailing in Gen.Elements(true, false)
        let list = string.Join(",", values.Select(Quoted)) + (trailing && count > 0 ? " ," : "")
        select new Sample(
            $"{key} {sign}{{{list}}}",
            labels => labels.Any(label => label.Key == key && values.Any(value => value == label.Value)) == (sign == "in"),
            false);

    private static Gen<Sample> Negation(int depth) =>
        from inner in Tree(depth)
        from signs in Gen.Choose(1, 3)
        let text = inner.IsGroup ? $"({inner.Text})" : inner.Text
        select new Sample(new string('!', signs) + text, labels => inner.Means(labels) != (signs % 2 == 1), false);

    private static Gen<Sample> Joined(int depth, string sign) =>
        from left in Tree(depth)
        from right in Tree(depth)
        from blank in Blank
        select new Sample(
            $"({left.Text}){blank}{sign}{blank}({right.Text})",
            labels => sign == "&&" ? left.Means(labels) && right.Means(labels) : left.Means(labels) || right.Means(labels),
            true);

    private static bool Compare(Dictionary<string, string> labels, string key, string sign, string value)
    {
        var present = labels.ContainsKey(key);
        var label = present ? labels[key] : "";
        return sign[0] switch
        {
            '=' => present && label == value,
            '!' => !present || label != value,
            'c' => present && Enumerable.Range(0, label.Length + 1).Any(at => label[at..].StartsWith(value, StringComparison.Ordinal)),
            's' => present && label.Length >= value.Length && label[..value.Length] == value,
            _ => present && label.Length >= value.Length && label[^value.Length..] == value,
        };
    }

    private static string Quoted(string value) => value.Contains('"', StringComparison.Ordinal) ? $"'{value}'" : $"\"{value}\"";
}
