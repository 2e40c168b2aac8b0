using System.Collections.Immutable;
using System.Runtime.Versioning;
using ActorIpam.Chaos.Faults;
using ActorIpam.Chaos.Judging;
using ActorIpam.Chaos.Load;
using Shouldly;
using Xunit;

namespace ActorIpam.EndToEnd.Chaos;

/// <summary>Which waits of a chaos run are longer than promised. Instants are seconds here.</summary>
[SupportedOSPlatform("linux")]
public sealed class PromiseSpecs
{
    [Theory]
    [InlineData("member killed", 0, 5, 4, 1.9, false)]
    [InlineData("member killed", 0, 5, 4, 2.1, true)]
    [InlineData("member killed", 0, 5, 20, 2.1, true)] // no fault at all
    [InlineData("members cannot hear each other", 0, 5, 4, 2.9, false)]
    [InlineData("members cannot hear each other", 0, 5, 4, 3.1, true)]
    [InlineData("database killed", 0, 15, 1, 14, false)] // nothing is promised while it lasts
    [InlineData("database killed", 0, 15, 1, 17.9, false)] // and two seconds after its end begin the two that are promised always
    [InlineData("database killed", 0, 15, 1, 18.1, true)]
    public void A_wait_is_held_to_what_the_faults_it_met_promise(string fault, double began, double ended, double asked, double length, bool isTooLong) =>
        Broken(Waited(asked, length), Struck(fault, began, ended)).Any(sentence => sentence.StartsWith("too long", StringComparison.Ordinal)).ShouldBe(isTooLong);

    [Fact]
    public void A_request_that_waits_from_fault_to_fault_is_held_to_what_lies_between_them()
    {
        Strike[] strikes = [Struck("database killed", 0, 10), Struck("member stands still", 11, 20), Struck("database restarted", 60, 70)];

        Broken(Waited(1, 71), strikes).ShouldHaveSingleItem().ShouldStartWith("too long");
        Broken(Waited(1, 22), strikes).ShouldBeEmpty("what overlaps is excused once, and two seconds are promised always");
    }

    [Fact]
    public void Attempts_in_vain_are_told_where_every_member_must_answer()
    {
        var wait = Waited(1, 1) with { InVain = [new("m1", 503, 10)] };

        Broken(wait, Struck("members' connections cut", 0, 3)).ShouldHaveSingleItem().ShouldStartWith("left without an answer");
        Broken(wait, Struck("member killed", 0, 3)).ShouldBeEmpty();
        Broken(wait with { IsRefused = true }, Struck("members' connections cut", 0, 3)).ShouldBeEmpty("behind silence of an owner a \"no\" is not definite at once");
    }

    private static IEnumerable<string> Broken(Wait wait, params Strike[] strikes) => Promises.Broken([wait], new Timeline([strikes]));

    private static Wait Waited(double asked, double length) => new("assign", Micros(asked), Micros(asked + length), IsRefused: false, ImmutableArray<Attempt>.Empty);

    private static Strike Struck(string fault, double began, double ended) => new(Fault.All.Single(known => known.Name == fault), Micros(began), Micros(ended));

    /// <remarks>Some days after 1970, so that nothing lies before it.</remarks>
    private static long Micros(double seconds) => 1_000_000_000_000 + (long)(seconds * 1_000_000);
}
