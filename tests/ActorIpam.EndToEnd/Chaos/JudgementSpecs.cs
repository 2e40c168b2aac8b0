using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.Versioning;
using ActorIpam.Chaos.Judging;
using ActorIpam.Chaos.Load;
using ActorIpam.Chaos.Net;
using ActorIpam.Chaos.Nodes;
using ActorIpam.Domain.Addressing;
using Shouldly;
using Xunit;

namespace ActorIpam.EndToEnd.Chaos;

/// <summary>What judges a chaos run finds each kind of harm in a history that somebody made up, and none in one that is lawful. Instants are microseconds.</summary>
[SupportedOSPlatform("linux")]
public sealed class JudgementSpecs : IAsyncDisposable
{
    private readonly Chronicle _chronicle = new(2);
    private readonly Rows _rows = new();

    private static Held One => new(IpAddress.Parse("10.9.0.1"), 1);

    private static Held Other => new(IpAddress.Parse("10.9.0.2"), 1);

    public ValueTask DisposeAsync() => _rows.DisposeAsync();

    [Fact]
    public async Task Nothing_is_said_of_two_clients_that_hold_one_address_in_turn()
    {
        Assigns(client: 0, asked: 100, told: [One]);
        Releases(client: 0, asked: 200, named: [One]);
        Assigns(client: 1, asked: 300, told: [One with { Generation = 3 }]);
        ReleasesFinally(client: 1, asked: 400);
        Stored(One, client: 0, issued: 100, from: 105, to: 205);
        Stored(One with { Generation = 3 }, client: 1, issued: 300, from: 305, to: 405);

        (await FoundAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_said_of_a_silent_attempt_that_is_granted_late_and_released()
    {
        Ledger(0).Add(new Entry(Asking.Assign, 0, 0, 100, 100));
        Assigns(client: 0, asked: 120, told: [], issued: 100);
        ReleasesFinally(client: 0, asked: 200);
        Stored(One, client: 0, issued: 100, from: 150, to: 205);

        (await FoundAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_who_are_told_of_one_holding()
    {
        Assigns(client: 0, asked: 100, told: [One]);
        Assigns(client: 1, asked: 101, told: [One]);
        Stored(One, client: 0, issued: 100, from: 105, to: null);

        (await FoundAsync()).ShouldContain("INV-1");
    }

    [Fact]
    public async Task Two_who_hold_one_address_at_once()
    {
        Assigns(client: 0, asked: 100, told: [One]);
        Assigns(client: 1, asked: 120, told: [One with { Generation = 2 }]);
        Stored(One, client: 0, issued: 100, from: 105, to: 300);
        Stored(One with { Generation = 2 }, client: 1, issued: 120, from: 125, to: null);

        (await FoundAsync()).ShouldContain("INV-1");
    }

    [Fact]
    public async Task A_holding_that_was_told_and_is_nowhere()
    {
        Assigns(client: 0, asked: 100, told: [One]);

        (await FoundAsync()).ShouldContain("INV-2");
    }

    [Fact]
    public async Task A_holding_that_ended_before_anybody_asked_for_it()
    {
        Assigns(client: 0, asked: 100, told: [One]);
        Stored(One, client: 0, issued: 100, from: 105, to: 150);
        Releases(client: 0, asked: 200, named: [One]);

        (await FoundAsync()).ShouldContain("INV-2");
    }

    [Fact]
    public async Task A_holding_that_nobody_asked_for()
    {
        Assigns(client: 0, asked: 100, told: [One]);
        Stored(One, client: 0, issued: 100, from: 105, to: null);
        Stored(Other, client: 0, issued: 99, from: 106, to: 107);

        (await FoundAsync()).ShouldBe(["INV-3"]);
    }

    [Fact]
    public async Task A_second_grant_of_one_request_though_it_is_released_soon()
    {
        Assigns(client: 0, asked: 100, told: [One]);
        ReleasesFinally(client: 0, asked: 200);
        Stored(One, client: 0, issued: 100, from: 105, to: 205);
        Stored(Other, client: 0, issued: 100, from: 106, to: 205);

        (await FoundAsync()).ShouldBe(["INV-13"]);
    }

    [Fact]
    public async Task A_request_that_is_told_two_things()
    {
        Assigns(client: 0, asked: 100, told: [One]);
        Assigns(client: 0, asked: 150, told: [Other], issued: 100);
        Stored(One, client: 0, issued: 100, from: 105, to: null);
        Stored(Other, client: 0, issued: 100, from: 155, to: null);

        (await FoundAsync()).ShouldContain("INV-13");
    }

    [Fact]
    public async Task A_grant_behind_a_no_to_the_only_attempt()
    {
        Assigns(client: 0, asked: 100, told: []);
        Stored(One, client: 0, issued: 100, from: 150, to: 160);

        (await FoundAsync()).ShouldContain("INV-3");
    }

    [Fact]
    public async Task A_release_that_is_answered_and_does_nothing()
    {
        Assigns(client: 0, asked: 100, told: [One]);
        Ledger(0).Add(new Entry(Asking.Release, 0, 0, 0, 200) { Answered = 210, Addresses = [One] });
        Stored(One, client: 0, issued: 100, from: 105, to: 900);

        (await FoundAsync()).ShouldBe(["INV-3"]);
    }

    [Fact]
    public async Task A_grant_behind_the_answer_to_a_final_release()
    {
        Ledger(0).Add(new Entry(Asking.Assign, 0, 0, 100, 100));
        Assigns(client: 0, asked: 120, told: [], issued: 100);
        ReleasesFinally(client: 0, asked: 200);
        Stored(One, client: 0, issued: 100, from: 400, to: null);

        (await FoundAsync()).ShouldContain("INV-4");
    }

    private Ledger Ledger(int client) => _chronicle.Ledgers[client];

    private void Assigns(int client, long asked, Held[] told, long? issued = null) =>
        Ledger(client).Add(new Entry(Asking.Assign, 0, 0, issued ?? asked, asked) { Answered = asked + 10, Addresses = told });

    private void Releases(int client, long asked, Held[] named) =>
        Ledger(client).Add(new Entry(Asking.Release, 0, 0, 0, asked) { Answered = asked + 10, Addresses = named, Released = (1UL << named.Length) - 1 });

    private void ReleasesFinally(int client, long asked) => Ledger(client).Add(new Entry(Asking.ReleaseFinally, 0, 0, asked, asked) { Answered = asked + 10 });

    private void Stored(Held held, int client, long issued, long from, long? to) => _rows.Add(string.Create(
        CultureInfo.InvariantCulture, $"{held.Ip}\t10.9.0.0/27\t{held.Generation}\t{ActorIpam.Chaos.Load.Ledger.Handle(client, 0)}\thost:host-0\t{issued}\t{from}\t{to}"));

    /// <returns>The laws that were found broken.</returns>
    private async Task<string[]> FoundAsync() => [.. (await Judgement.OfAsync(_chronicle, _rows, "any")).Select(violation => violation.Law).Distinct()];

    /// <summary>A database that knows these rows and can do nothing else.</summary>
    private sealed class Rows : IDatabase
    {
        private readonly SortedSet<string> _rows = new(StringComparer.Ordinal);

        public ImmutableArray<Place> Places => [];

        public string ConnectionString => "";

        public bool FailsOver => false;

        public void Add(string row) => _rows.Add(row);

        public IAsyncEnumerable<string> RowsAsync(string sql) => _rows.ToAsyncEnumerable();

        public Task<Place> KillPrimaryAsync() => throw new NotSupportedException();

        public Task RestartAsync() => throw new NotSupportedException();

        public Task RepairAsync() => throw new NotSupportedException();

        public Task<int> CutConnectionsAsync() => throw new NotSupportedException();

        public Task WritableAsync() => throw new NotSupportedException();

        public Task<string> QueryAsync(string sql) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
