using System.Collections.Immutable;
using ActorIpam.Domain;
using ActorIpam.Domain.Catalog;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;
using ActorIpam.Engine;
using ActorIpam.Engine.InMemory;
using ActorIpam.Engine.Recovering;
using ActorIpam.EventSourcing;
using Shouldly;

namespace ActorIpam.EngineSpecs;

/// <summary>A journal that came out of a backup gives nothing that the lost one may have given since (INV-1, decision 0019).</summary>
public sealed class RecoverySpecs : IAsyncLifetime
{
    private readonly MemoryJournal _lost = new();
    private readonly Counting _chance = new();
    private JournalState _backup = null!;
    private Member _member = null!;
    private string _before = null!, _late = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Two hosts, a pool with two blocks; one address given before the backup, one after it.</summary>
    public async ValueTask InitializeAsync()
    {
        await using var lost = Start(_lost);
        await lost.Door.CreateAsync(new Node(new("node-a"), new()), dryRun: false, Cancellation);
        await lost.Door.CreateAsync(new Node(new("node-b"), new()), dryRun: false, Cancellation);
        await lost.Door.CreateAsync(new IpPool(new("web"), new() { Cidr = "10.0.0.0/28", BlockSize = 29 }), dryRun: false, Cancellation);
        _before = await GivenAsync(lost, "node-a", "before");
        _backup = _lost.Snapshot();
        _late = await GivenAsync(lost, "node-a", "late");
        _member = Start(new MemoryJournal(Restored(_backup)));
    }

    public ValueTask DisposeAsync() => _member.DisposeAsync();

    [Fact]
    public async Task Nothing_is_assigned_or_claimed_before_the_recovery_has_ended()
    {
        (await AskAsync("node-a", "new")).Refusals[0].Code.ShouldBe(RefusalCode.Recovering);
        (await _member.Door.AssignIpAsync(new() { Host = "node-b", Handle = "new", Ip = "10.0.0.9" }, Cancellation)).Refusals[0].Code.ShouldBe(RefusalCode.Recovering);
        (await _member.Door.ClaimAffinityAsync(new() { Host = "node-b", Cidr = "10.0.0.8/29" }, Cancellation)).Refusals[0].Code.ShouldBe(RefusalCode.Recovering);
        (await _member.Door.EnsureBlockAsync(new() { Host = "node-b", HostReservedIpv4 = new(1, 0, null) }, Cancellation)).Refusals[0].Code.ShouldBe(RefusalCode.Recovering);
        (await _member.Door.AssignAsync(new() { Host = "node-a", Handle = "new", Ipv4 = 1, Use = "Workload" }, new() { DryRun = true }, Cancellation)).Refusals[0].Code.ShouldBe(RefusalCode.Recovering);
    }

    [Fact]
    public async Task A_grant_of_old_is_not_repeated_meanwhile()
    {
        var again = new AssignRequest { Host = "node-a", Handle = "before", Ipv4 = 1, Use = "Workload", RequestId = "request of before" };
        (await _member.Door.AssignAsync(again, Cancellation)).Refusals[0].Code.ShouldBe(RefusalCode.Recovering);

        await EndAsync(acceptLoss: true);
        (await _member.Door.AssignAsync(again, Cancellation)).Value.Ipv4.Single().Address.ShouldBe(_before);
    }

    /// <summary>A handle at its cap is answered before anything is planned, and a member that has just been started has not seen the catalog then.</summary>
    [Fact]
    public async Task A_grant_of_old_is_not_repeated_by_who_has_just_been_started_and_answers_from_a_full_handle()
    {
        var capped = new AssignRequest { Host = "node-a", Handle = "capped", Ipv4 = 1, MaxPerHandle = 1, Use = "Workload", RequestId = "request of capped" };
        var journal = new MemoryJournal(_backup);
        await using (var before = Start(journal))
        {
            (await before.Door.AssignAsync(capped, Cancellation)).IsRefused.ShouldBeFalse();
        }

        await using var started = Start(new MemoryJournal(Restored(journal.Snapshot())));
        (await started.Door.AssignAsync(capped, Cancellation)).Refusals[0].Code.ShouldBe(RefusalCode.Recovering);
    }

    [Fact]
    public async Task What_was_given_after_the_backup_is_never_given_to_somebody_else()
    {
        var answer = await ReportAsync("node-a", (_before, "before"), (_late, "late"));
        (answer.Adopted.Single(), answer.Kept, answer.Conflicts.Length).ShouldBe((_late, 1, 0));
        await ReportAsync("node-b");
        await EndAsync(acceptLoss: false);

        (await AllThatIsLeftAsync()).ShouldNotContain(_late);
        (await _member.Door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();
    }

    /// <summary>What the spec above rests on: taken out of the recovery at once, the journal gives the very address a second time.</summary>
    [Fact]
    public async Task Without_reports_the_very_address_is_given_again()
    {
        await EndAsync(acceptLoss: true);
        (await AllThatIsLeftAsync()).ShouldContain(_late);
    }

    [Fact]
    public async Task A_member_that_remembers_the_lost_journal_gives_nothing_from_the_restored_one()
    {
        var journal = new MemoryJournal(_backup);
        await using var member = Start(journal);
        await GivenAsync(member, "node-a", "warm");
        journal.Restore(Restored(_backup));

        (await member.Door.AssignAsync(new() { Host = "node-a", Handle = "new", Ipv4 = 1, Use = "Workload" }, Cancellation)).Refusals[0].Code.ShouldBe(RefusalCode.Recovering);
    }

    [Fact]
    public async Task An_end_waits_for_everybody_who_may_hold_something()
    {
        await ReportAsync("node-a", (_before, "before"), (_late, "late"));
        var refused = (await _member.Door.Recovery.EndAsync(new(), Cancellation)).Refusals[0];
        (refused.Code, refused.Details.Single()).ShouldBe((RefusalCode.NotReported, "host:node-b"));
        (await _member.Door.Recovery.ShowAsync(Cancellation)).Value.Reported.ShouldBe(["host:node-a"]);
    }

    [Fact]
    public async Task A_node_that_appears_meanwhile_is_waited_for()
    {
        await ReportAsync("node-a", (_before, "before"), (_late, "late"));
        await ReportAsync("node-b");
        await _member.Door.CreateAsync(new Node(new("node-c"), new()), dryRun: false, Cancellation);
        (await _member.Door.Recovery.EndAsync(new(), Cancellation)).Refusals[0].Details.ShouldBe(["host:node-c"]);
    }

    [Fact]
    public async Task Who_reports_what_the_journal_says_another_holds_is_told_and_counts_as_not_reported()
    {
        var answer = await ReportAsync("node-b", (_before, "thief"), ("10.9.9.9", "elsewhere"));
        answer.Conflicts.Select(conflict => conflict.Ip).ShouldBe([_before, "10.9.9.9"]);
        (await _member.Door.Recovery.ShowAsync(Cancellation)).Value.Reported.ShouldBeEmpty();

        // The operator finds that the first holder is gone; what cools can be taken over, because it is in use.
        (await _member.Door.ReleaseHandleAsync(new() { Handle = "before" }, Cancellation)).IsRefused.ShouldBeFalse();
        (await ReportAsync("node-b", (_before, "thief"))).Adopted.ShouldBe([_before]);
        (await _member.Door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_journal_knows_is_no_conflict_though_its_pool_does_not_serve_any_more()
    {
        (await _member.Door.UpdateAsync(new IpPool(new("web"), new() { Cidr = "10.0.0.0/28", BlockSize = 29, Disabled = true }), dryRun: false, Cancellation)).IsRefused.ShouldBeFalse();
        var answer = await ReportAsync("node-a", (_before, "before"), (_late, "late"));
        (answer.Kept, answer.Conflicts.Single().Ip).ShouldBe((1, _late));

        (await _member.Door.DeleteAsync(ResourceKind.IPPool, "web", null, dryRun: false, Cancellation)).IsRefused.ShouldBeFalse();
        (await ReportAsync("node-a", (_before, "before"))).Conflicts.ShouldBeEmpty();
        (await _member.Door.Recovery.ShowAsync(Cancellation)).Value.Reported.ShouldBe(["host:node-a"]);
    }

    [Fact]
    public async Task What_the_journal_knows_and_a_host_does_not_report_stays_held()
    {
        var answer = await ReportAsync("node-a", (_late, "late"));
        answer.NotReported.Single().ShouldBe(new(_before, "before", Why: null));
        (await _member.Door.AddressAsync(_before, Cancellation)).Value.Assignment!.Handle.ShouldBe("before");
    }

    [Fact]
    public async Task Generations_of_the_lost_journal_name_nothing_in_the_restored_one()
    {
        var lost = _lost.Snapshot().Addresses[Domain.Addressing.IpAddress.Parse(_late)].Generation;
        await EndAsync(acceptLoss: true);
        await AllThatIsLeftAsync();

        var released = (await _member.Door.ReleaseAsync(new() { Addresses = [new(_late, Generation: lost)] }, Cancellation)).Value;
        released.Released.ShouldBeEmpty();
        (await _member.Door.AddressAsync(_late, Cancellation)).Value.Assignment.ShouldNotBeNull();
    }

    /// <summary>The clocks of members and hosts differ: what counts is the host's, which its requests carry.</summary>
    [Fact]
    public async Task A_final_release_that_was_issued_after_the_list_was_made_ends_what_was_adopted()
    {
        var list = TimeProvider.System.GetUtcNow().AddHours(-2);
        await _member.Door.Recovery.ReportAsync(Report("node-a", (_before, "before"), (_late, "late")) with { IssuedAt = list }, Cancellation);

        (await FinallyReleaseAsync("late", list.AddSeconds(-1))).ShouldBeEmpty();
        (await FinallyReleaseAsync("late", list.AddSeconds(1))).ShouldBe([_late]);
    }

    [Fact]
    public async Task What_was_finally_released_since_the_list_was_made_is_not_adopted_and_is_no_conflict()
    {
        var list = TimeProvider.System.GetUtcNow().AddHours(-2);
        await FinallyReleaseAsync("late", list.AddSeconds(1));
        var answer = (await _member.Door.Recovery.ReportAsync(Report("node-a", (_before, "before"), (_late, "late")) with { IssuedAt = list }, Cancellation)).Value;

        (answer.Adopted.Length, answer.Kept, answer.Conflicts.Length).ShouldBe((0, 1, 0));
        (await _member.Door.AddressAsync(_late, Cancellation)).Value.Assignment.ShouldBeNull();
        (await _member.Door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_report_after_the_end_is_refused()
    {
        await EndAsync(acceptLoss: true);
        (await _member.Door.Recovery.ReportAsync(Report("node-a", (_late, "late")), Cancellation)).Refusals[0].Code.ShouldBe(RefusalCode.NotRecovering);
        (await _member.Door.Recovery.EndAsync(new(), Cancellation)).Refusals[0].Code.ShouldBe(RefusalCode.NotRecovering);
    }

    [Fact]
    public async Task A_bad_report_is_refused_with_the_field_and_does_nothing()
    {
        var refused = await _member.Door.Recovery.ReportAsync(Report("node-a", (_late, "late"), (_late, "late"), ("10.0.0", "x")), Cancellation);
        refused.Refusals.Select(refusal => refusal.Field).ShouldBe(["holdings[1].ip", "holdings[2].ip"]);
        (await _member.Door.AddressAsync(_late, Cancellation)).Value.Assignment.ShouldBeNull();
    }

    /// <summary>What a restore writes: the rows of the backup, and the event that begins the recovery under a head nobody knows.</summary>
    private JournalState Restored(JournalState backup)
    {
        var journal = new MemoryJournal(backup);
        var (schema, events) = IpamRecovery.Beginning(DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow());
        var unit = new Unit(new(_chance.NewId()))
        {
            At = TimeProvider.System.GetUtcNow(),
            Member = "restore",
            Appends = [new(Streams.Catalog, backup.HeadOf(Streams.Catalog), schema, events)],
            Raises = [Streams.Policy],
        };
        journal.AppendAsync([unit]).AsTask().GetAwaiter().GetResult()[0].ShouldBeOfType<Outcome.Won>();
        return journal.Snapshot();
    }

    private async Task<List<string>> AllThatIsLeftAsync()
    {
        var given = new List<string>();
        foreach (var host in new[] { "node-a", "node-b" })
        {
            var answer = await _member.Door.AssignAsync(new() { Host = host, Handle = $"rest of {host}", Ipv4 = 16, Use = "Workload" }, Cancellation);
            given.AddRange(answer.Value.Ipv4.Select(address => address.Address));
        }

        given.Count.ShouldBeGreaterThan(10);
        return given;
    }

    private async Task<ImmutableArray<string>> FinallyReleaseAsync(string handle, DateTimeOffset issued) =>
        (await _member.Door.ReleaseHandleAsync(new() { Handle = handle, Final = true, IssuedAt = issued }, Cancellation)).Value.Released;

    private Task<Answer<AssignAnswer>> AskAsync(string host, string handle) =>
        _member.Door.AssignAsync(new() { Host = host, Handle = handle, Ipv4 = 1, Use = "Workload" }, Cancellation);

    private static async Task<string> GivenAsync(Member member, string host, string handle) =>
        (await member.Door.AssignAsync(new() { Host = host, Handle = handle, Ipv4 = 1, Use = "Workload", RequestId = $"request of {handle}" }, Cancellation)).Value.Ipv4.Single().Address;

    private async Task<RecoveryReportAnswer> ReportAsync(string host, params (string Ip, string Handle)[] holdings) =>
        (await _member.Door.Recovery.ReportAsync(Report(host, holdings), Cancellation)).Value;

    private static RecoveryReport Report(string host, params (string Ip, string Handle)[] holdings) =>
        new() { Host = host, Holdings = [.. holdings.Select(holding => new ReportedHolding(holding.Ip, holding.Handle))] };

    private async Task EndAsync(bool acceptLoss) => (await _member.Door.Recovery.EndAsync(new() { AcceptLoss = acceptLoss }, Cancellation)).IsRefused.ShouldBeFalse();

    private Member Start(MemoryJournal journal) => Member.Start(new(journal, journal, TimeProvider.System, _chance), new() { Name = "alone" });
}
