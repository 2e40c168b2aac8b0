using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Views;
using ActorIpam.EventSourcing;
using Shouldly;
using Xunit;
using static ActorIpam.Domain.Views.IpamGuard;
using static ActorIpam.Domain.Views.IpamGuardRefusal;
using static ActorIpam.JournalContract.Contracts.Given;

namespace ActorIpam.JournalContract.Contracts;

/// <summary>Requests are granted once, closed handles stay closed, caps hold (protocol.md §4).</summary>
public abstract class GuardContract(IJournalSource source)
{
    internal static NewRequest Request(string id, double? issued = null, string? handle = null, string digest = "d") =>
        new(id, digest, issued is { } at ? At(at) : null, handle, [new(Ip("10.0.0.1"), 4), new(Ip("fd00::1"), 5)]);

    private static HandleOpen Open(string handle, double? issued = null, params HandleCap[] caps) =>
        new(handle, issued is { } at ? At(at) : null, [.. caps]);

    private static async Task<GuardRefusal> RefusedAsync(IJournalUnderTest under, Unit unit) =>
        (await under.AppendAsync(unit)).ShouldBeOfType<Outcome.Refused>().Guards.ShouldHaveSingleItem().Why;

    [Fact]
    public async Task A_request_is_granted_once_and_its_repeat_is_told_what_it_was_granted()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Guarded(Request("r1", issued: 7)) with { At = At(9) });

        var known = (await RefusedAsync(under, Guarded(Request("r1", issued: 8, digest: "other")))).ShouldBeOfType<RequestKnown>().Row;

        (known.Id, known.Digest, known.Issued, known.At).ShouldBe(("r1", "d", At(7), At(9)));
        known.Grant.ShouldBe([new(Ip("10.0.0.1"), 4), new(Ip("fd00::1"), 5)]);
        (await under.Views.RequestAsync("r2", TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_twins_with_one_request_in_a_batch_the_first_that_wins_counts()
    {
        await using var under = await source.OpenAsync();

        var outcomes = await under.Journal.AppendAsync(
        [
            Guarded(Request("r1")) with { Views = [Freed("10.0.0.9")] },
            Guarded(Request("r1")),
            Guarded(Request("r1")),
        ]);

        outcomes.Select(outcome => outcome.GetType()).ShouldBe([typeof(Outcome.Failed), typeof(Outcome.Won), typeof(Outcome.Refused)]);
    }

    [Fact]
    public async Task Every_guard_that_refuses_is_reported_and_nothing_of_the_unit_is_written()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Guarded(Request("r1"), new HandleClose("web", At(5))));

        var outcome = await under.AppendAsync(
            Guarded(Request("r1"), Request("r2"), new HandleClose("db", At(6)), Open("web", 5), Open("db", 7)) with { Raises = [HostA] });

        var refused = outcome.ShouldBeOfType<Outcome.Refused>().Guards;
        refused.Select(guard => (guard.Index, guard.Why.GetType())).ShouldBe([(0, typeof(RequestKnown)), (3, typeof(HandleIsClosed))]);
        (await under.HeadAsync(HostA)).ShouldBe(Head.None);
        (await under.Views.RequestAsync("r2", TestContext.Current.CancellationToken)).ShouldBeNull();
        (await under.Views.HandleClosedThroughAsync("db", TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task A_closed_handle_opens_only_for_what_was_issued_later()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Guarded(new HandleClose("web", At(5))));
        await under.WinAsync(Guarded(new HandleClose("web", At(3))));

        (await under.Views.HandleClosedThroughAsync("web", TestContext.Current.CancellationToken)).ShouldBe(At(5));
        (await RefusedAsync(under, Guarded(Open("web", 5)))).ShouldBe(new HandleIsClosed(At(5)));
        (await RefusedAsync(under, Guarded(Open("web")))).ShouldBe(new HandleIsClosed(At(5)));
        await under.WinAsync(Guarded(Open("web", 5.000_001)));
        await under.WinAsync(Guarded(Open("db")));
    }

    [Fact]
    public async Task A_final_release_counts_in_its_own_unit_whatever_the_order()
    {
        await using var under = await source.OpenAsync();

        (await RefusedAsync(under, Guarded(Open("web", 5), new HandleClose("web", At(5))))).ShouldBe(new HandleIsClosed(At(5)));
        (await under.Views.HandleClosedThroughAsync("web", TestContext.Current.CancellationToken)).ShouldBeNull();
        await under.WinAsync(Guarded(new HandleClose("web", At(5)), Open("web", 6)));
    }

    [Fact]
    public async Task A_request_of_an_earlier_life_of_its_handle_is_replaced()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Guarded(Request("r1", issued: 5, handle: "web"), Request("r2", issued: 6, handle: "web"), Request("r3", handle: "web")));
        await under.WinAsync(Guarded(new HandleClose("web", At(5))));

        (await RefusedAsync(under, Guarded(Request("r1", issued: 5, handle: "web")))).ShouldBeOfType<RequestKnown>();
        (await RefusedAsync(under, Guarded(Request("r1", issued: null, handle: "web")))).ShouldBeOfType<RequestKnown>();
        (await RefusedAsync(under, Guarded(Request("r1", issued: 7, handle: null)))).ShouldBeOfType<RequestKnown>();
        (await RefusedAsync(under, Guarded(Request("r1", issued: 7, handle: "db")))).ShouldBeOfType<RequestKnown>();
        (await RefusedAsync(under, Guarded(Request("r2", issued: 7, handle: "web")))).ShouldBeOfType<RequestKnown>();
        (await RefusedAsync(under, Guarded(Request("r3", issued: 7, handle: "web")))).ShouldBeOfType<RequestKnown>();
        await under.WinAsync(Guarded(Request("r1", issued: 7, handle: "web", digest: "second life")));

        (await under.Views.RequestAsync("r1", TestContext.Current.CancellationToken))!.Digest.ShouldBe("second life");
    }

    [Fact]
    public async Task A_cap_counts_the_addresses_the_handle_holds_in_the_family()
    {
        await using var under = await source.OpenAsync();
        await under.WinAsync(Showing(Held("10.0.0.1", handle: "web"), Held("10.0.0.2", handle: "web"), Held("10.0.0.3", handle: "db"), Held("fd00::1", handle: "web")));

        await under.WinAsync(Guarded(Open("web", null, new(IpFamily.V6, 2, 1), new(IpFamily.V4, 3, 1))));
        (await RefusedAsync(under, Guarded(Open("web", null, new(IpFamily.V6, 2, 1), new(IpFamily.V4, 3, 2))))).ShouldBe(new HandleIsFull(IpFamily.V4, 2));

        await under.WinAsync(Showing(Freed("10.0.0.1")));
        await under.WinAsync(Guarded(Open("web", null, new HandleCap(IpFamily.V4, 3, 2))));
    }

    [Fact]
    public async Task A_cap_counts_what_an_earlier_unit_of_the_batch_gave()
    {
        await using var under = await source.OpenAsync();
        var one = Guarded(Open("web", null, new HandleCap(IpFamily.V4, 1, 1)));

        var outcomes = await under.Journal.AppendAsync(
        [
            one with { Views = [Held("10.0.0.1", handle: "web")] },
            one with { Commit = NewCommit(), Views = [Held("10.0.0.2", handle: "web")] },
        ]);

        outcomes[0].ShouldBeOfType<Outcome.Won>();
        outcomes[1].ShouldBeOfType<Outcome.Refused>().Guards.ShouldBe([new(0, new HandleIsFull(IpFamily.V4, 1))]);
    }
}
