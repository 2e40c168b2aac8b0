using ActorIpam.Domain.Selectors;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;

namespace ActorIpam.Specs.Selectors;

public class SelectorSpecs
{
    private static readonly Dictionary<string, string> NoLabels = [];

    [Fact]
    public void A_selector_means_what_a_naive_reading_of_it_means()
    {
        var cases = from sample in Sample.Any from labels in Sample.Labels select (sample, labels);

        Prop.ForAll(cases.ToArbitrary(), it => Parse(it.sample.Text).Matches(it.labels) == it.sample.Means(it.labels))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void The_normal_form_is_a_fixed_point_and_means_the_same()
    {
        var cases = from sample in Sample.Any from labels in Sample.Labels select (sample, labels);

        Prop.ForAll(cases.ToArbitrary(), it =>
        {
            var normal = Parse(Parse(it.sample.Text).Canonical);
            return normal.Canonical == Parse(it.sample.Text).Canonical && normal.Matches(it.labels) == it.sample.Means(it.labels);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Any_text_is_answered_without_an_exception_and_errors_lie_inside_it()
    {
        var texts = Gen.ListOf(Gen.Elements("a", " ", "\t", "\n", "==", "!=", "!", "in", "not", "has(", "all(", ")", "(", "{", "}", ",", "\"", "'", "&&", "|", "é", "\ud800"))
            .Select(parts => string.Concat(parts));

        Prop.ForAll(texts.ToArbitrary(), text => Selector.TryParse(text, out var selector, out var error)
            ? selector is not null
            : error.Position >= 0 && error.Position <= text.Length && error.Message.Length > 0)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Theory]
    [InlineData("a == \"b\" || c == \"d\" && e == \"f\"", "(a == \"b\" || (c == \"d\" && e == \"f\"))")]
    [InlineData("(a==\"b\"&&c==\"d\")&&e==\"f\"", "((a == \"b\" && c == \"d\") && e == \"f\")")]
    [InlineData("!!a == 'x'", "a == \"x\"")]
    [InlineData("a in {'z', 'a', 'z'}", "a in {\"a\", \"z\"}")]
    [InlineData("global( )", "global()")]
    [InlineData("\t ", "all()")]
    public void The_normal_form_is_written_in_one_way(string text, string normal) => Parse(text).Canonical.ShouldBe(normal);

    [Fact]
    public void Members_are_sorted_by_their_bytes_also_beyond_the_basic_plane() =>
        Parse("a in {\"\U0001F600\", \"\uFFFD\"}").Canonical.ShouldBe("a in {\"\uFFFD\", \"\U0001F600\"}");

    [Theory]
    [InlineData("a == b", 5)]
    [InlineData("a b", 2)]
    [InlineData("a == \"b\"\n", 8)]
    [InlineData("(a == \"b\"", 9)]
    [InlineData("a == \"b", 5)]
    [InlineData("a in {\"x\" \"y\"}", 10)]
    [InlineData("has (a)", 4)]
    [InlineData("a", 1)]
    [InlineData("a starts foo \"v\"", 2)]
    public void An_error_names_where_reading_stopped(string text, int position)
    {
        Selector.TryParse(text, out _, out var error).ShouldBeFalse();
        error.Position.ShouldBe(position);
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void Parentheses_nest_deep_but_not_without_end(int depth, bool accepted) =>
        Selector.TryParse(new string('(', depth) + "has(a)" + new string(')', depth), out _, out _).ShouldBe(accepted);

    [Fact]
    public void A_hundred_thousand_parentheses_are_an_error_and_no_crash() =>
        Selector.TryParse(string.Concat(Enumerable.Repeat("!(", 100_000)), out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public void A_key_has_at_most_512_characters(int length, bool accepted) =>
        Selector.TryParse($"has({new string('k', length)})", out _, out _).ShouldBe(accepted);

    [Fact]
    public void Nothing_selects_everything()
    {
        Parse(null).Matches(NoLabels).ShouldBeTrue();
        Selector.All.ShouldBe(Parse(" all( ) "));
    }

    [Theory]
    [InlineData("all()", "s:5y5I3VdRZfDU01O--xXAPx2yxCQQqMf0M6IWug")]
    [InlineData("! (has( b)||! has(a ))", "s:Iss0uCleLYv1GSv_pNm7hAO58kE9jAx1NKyG3Q")]
    public void The_identity_is_the_one_other_tools_compute(string text, string uid) => Parse(text).Uid.ShouldBe(uid);

    [Fact]
    public void Long_selectors_have_identities_of_forty_characters()
    {
        for (var length = 1; length < 200; length++)
        {
            Parse($"a == \"{new string('v', length)}\"").Uid.Length.ShouldBe(40);
        }
    }

    private static Selector Parse(string? text) => Selector.TryParse(text, out var selector, out var error) ? selector : throw new FormatException($"{text}: {error}");
}
