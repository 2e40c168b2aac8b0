using ActorIpam.Domain.Selectors;
using Shouldly;
using Xunit;

namespace ActorIpam.Fuzzing;

/// <summary>Selectors: a made one means what its maker wrote beside it; a damaged one is read or refused with a place, and reads back as itself.</summary>
public sealed class SelectorFuzzing
{
    private static readonly string[] Keys = ["a", "zone", "k8s.io/name", "in", "not", "global"];
    private static readonly string[] Values = ["", "a", "ab", "east-1", "ü", "it's", "&&", "starts with"];

    [Fact]
    public void A_made_selector_means_what_its_parts_mean()
    {
        var chance = new Chance(7);
        Fuzz.Play(
            dealt => Make(dealt, 1 + dealt.Below(4)).Text + (dealt.Percent(10) ? " &&" : ""),
            text => Selector.TryParse(text, out _, out _));
        for (var round = 0; round < 20_000; round++)
        {
            var made = Make(chance, chance.Below(5));
            Selector.TryParse(made.Text, out var selector, out var error).ShouldBeTrue($"{made.Text}: {error}");
            for (var look = 0; look < 3; look++)
            {
                var labels = chance.Some(4, () => (Key: chance.Of(Keys), Value: chance.Of(Values))).DistinctBy(label => label.Key).ToDictionary(label => label.Key, label => label.Value);
                selector.Matches(labels).ShouldBe(made.Means(labels), $"{made.Text} of {string.Join(", ", labels)}");
            }
        }
    }

    [Fact]
    public void A_damaged_selector_is_refused_with_a_place_or_reads_back_as_itself() => Fuzz.Play(
        chance => Damage.Of(Make(chance, chance.Below(4)).Text, chance),
        text =>
        {
            if (!Selector.TryParse(text, out var selector, out var error))
            {
                (error.Message.Length > 0 && error.Position >= 0 && error.Position <= text.Length).ShouldBeTrue($"{error}");
                return false;
            }

            Selector.TryParse(selector.Canonical, out var again, out var bad).ShouldBeTrue($"{selector.Canonical}: {bad}");
            again.Canonical.ShouldBe(selector.Canonical);
            return true;
        });

    [Theory]
    [InlineData("!(!(a == 'x'))", "a == \"x\"")]
    [InlineData("!(!(!(a == 'x')))", "!a == \"x\"")]
    [InlineData("!!!(!has(a))", "has(a)")]
    public void Signs_on_both_sides_of_parentheses_that_vanish_are_one_run(string text, string canonical)
    {
        Selector.TryParse(text, out var selector, out _).ShouldBeTrue();
        selector!.Canonical.ShouldBe(canonical);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("!", "")]
    [InlineData("!(", ")")]
    [InlineData("all() && (", ")")]
    [InlineData("a in {'x'} || ", "")]
    public void A_bomb_of_depth_or_length_is_read_or_refused(string open, string close)
    {
        foreach (var depth in (int[])[10, 1_000, 100_000])
        {
            var text = string.Concat(Enumerable.Repeat(open, depth)) + "has(a)" + string.Concat(Enumerable.Repeat(close, depth));
            if (Selector.TryParse(text, out var selector, out var error))
            {
                selector.Matches(new Dictionary<string, string> { ["a"] = "x" });
                selector.Canonical.Length.ShouldBeGreaterThan(0);
            }
            else
            {
                error.Message.Length.ShouldBeGreaterThan(0);
            }
        }
    }

    private static (string Text, Func<IReadOnlyDictionary<string, string>, bool> Means) Make(Chance chance, int depth)
    {
        if (depth == 0 || chance.Percent(30))
        {
            return Leaf(chance);
        }

        var (left, right, isAnd) = (Make(chance, depth - 1), Make(chance, depth - 1), chance.Percent(50));
        return chance.Percent(25)
            ? ($"!({left.Text})", labels => !left.Means(labels))
            : ($"({left.Text}) {(isAnd ? "&&" : "||")} ({right.Text})", labels => isAnd ? left.Means(labels) & right.Means(labels) : left.Means(labels) | right.Means(labels));
    }

    private static (string Text, Func<IReadOnlyDictionary<string, string>, bool> Means) Leaf(Chance chance)
    {
        var (key, value) = (chance.Of(Keys), chance.Of(Values));
        var list = chance.Some(3, () => chance.Of(Values)).ToList();
        return chance.Below(7) switch
        {
            0 => ($"has({key})", labels => labels.Keys.Any(one => one == key)),
            1 => ($"{key} == {Quoted(value)}", labels => ValueOf(labels, key) == value),
            2 => ($"{key} != {Quoted(value)}", labels => ValueOf(labels, key) != value),
            3 => ($"{key} contains {Quoted(value)}", labels => ValueOf(labels, key)?.IndexOf(value, StringComparison.Ordinal) >= 0),
            4 => ($"{key} in {{{string.Join(", ", list.Select(Quoted))}}}", labels => ValueOf(labels, key) is { } label && list.IndexOf(label) >= 0),
            5 => ($"{key} not in {{{string.Join(", ", list.Select(Quoted))}}}", labels => ValueOf(labels, key) is not { } label || list.IndexOf(label) < 0),
            _ => ($"{key} starts with {Quoted(value)}", labels => ValueOf(labels, key) is { } label && label.Length >= value.Length && label[..value.Length] == value),
        };
    }

    private static string? ValueOf(IReadOnlyDictionary<string, string> labels, string key) => labels.Where(label => label.Key == key).Select(label => label.Value).SingleOrDefault();

    private static string Quoted(string value) => value.Contains('\'', StringComparison.Ordinal) ? $"\"{value}\"" : $"'{value}'";
}
