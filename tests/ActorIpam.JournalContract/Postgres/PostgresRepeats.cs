using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using ActorIpam.Storage.Postgres;
using Shouldly;
using Xunit;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Postgres;

/// <summary>Requests that come again are judged by themselves, so that the batch they came with stays a set.</summary>
public sealed class PostgresRepeats
{
    [Fact]
    public async Task Who_asks_again_is_refused_in_his_place_and_the_others_are_written()
    {
        await using var under = await PostgresSource.NewAsync();
        Unit[] first = [Asks("r1"), Asks("r2")];
        (await under.Journal.AppendAsync([.. first])).ShouldAllBe(static outcome => outcome is Outcome.Won);

        var outcomes = await under.Journal.AppendAsync([Asks("r3"), Asks("r2"), Asks("r4"), Asks("r1"), Unit()]);

        outcomes.Select(static outcome => outcome.GetType()).ShouldBe([typeof(Outcome.Won), typeof(Outcome.Refused), typeof(Outcome.Won), typeof(Outcome.Refused), typeof(Outcome.Won)]);
        ((Outcome.Refused)outcomes[1]).Guards.ShouldHaveSingleItem().Why.ShouldBeOfType<IpamGuardRefusal.RequestKnown>().Row.Id.ShouldBe("r2");
        ((Outcome.Refused)outcomes[3]).Guards.ShouldHaveSingleItem().Why.ShouldBeOfType<IpamGuardRefusal.RequestKnown>().Row.Id.ShouldBe("r1");
        (await under.RunAsync("select count(*) from request where isfinite(at)")).ShouldBe(4);
        (await under.RunAsync("select count(*) from request")).ShouldBe(4);
    }

    [Fact]
    public async Task A_unit_that_is_sent_again_with_strangers_is_known_for_its_own()
    {
        await using var under = await PostgresSource.NewAsync();
        var sent = Asks("r1") with { Appends = [Append(Pool, Head.None)] };
        await under.WinAsync(sent);

        var outcomes = await under.Journal.AppendAsync([sent, Asks("r2")]);

        outcomes.Select(static outcome => outcome.GetType()).ShouldBe([typeof(Outcome.AlreadyMine), typeof(Outcome.Won)]);
        (await under.RunAsync("select count(*) from journal")).ShouldBe(1);
    }

    /// <summary>What the second asks for is forgotten by the one behind him: their order is what counts, so nobody goes by himself.</summary>
    [Fact]
    public async Task Where_units_are_no_strangers_each_is_judged_in_its_place()
    {
        await using var under = await PostgresSource.NewAsync();
        await under.WinAsync(Asks("r1"));

        var outcomes = await under.Journal.AppendAsync([Asks("r2"), Asks("r1"), Showing(new IpamViewChange.RequestForgotten("r1", At(0))), Asks("r1")]);

        outcomes.Select(static outcome => outcome.GetType()).ShouldBe([typeof(Outcome.Won), typeof(Outcome.Refused), typeof(Outcome.Won), typeof(Outcome.Won)]);
    }

    [Fact]
    public void Only_what_was_stored_or_refused_is_remembered()
    {
        var known = new KnownRequests();
        Unit[] units = [Asks("won"), Asks("lost"), Asks("refused"), Asks("unknown"), Unit()];

        known.Add(units, [Outcome.Won.Instance, new Outcome.Lost([Pool]), new Outcome.Refused([]), new Outcome.Unknown("gone"), Outcome.Won.Instance]);

        units.Select(known.HasAnyOf).ShouldBe([true, false, true, false, false]);
        known.HasAny(["lost", "won"]).ShouldBeTrue();
        known.HasAny(["lost", "unknown"]).ShouldBeFalse();
    }

    private static Unit Asks(string request) => Guarded(new IpamGuard.NewRequest(request, "d", At(1), null, [new(Ip("10.0.0.1"), 4)]));
}
