using System.Collections.Immutable;
using System.Globalization;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using ActorIpam.JournalContract.Programs;
using Shouldly;
using Xunit;

namespace ActorIpam.JournalContract.Past;

/// <summary>What was answered live is answered again later, with the instant; until it is forgotten on purpose. Held against each journal.</summary>
/// <remarks><c>PAST_PROGRAMS</c> says how many random programs (3); <c>PAST_SEED</c> plays one.</remarks>
public abstract class PastContract(IJournalSource source)
{
    private const int Steps = 25, LongSteps = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_answered_then_is_answered_as_of_then()
    {
        foreach (var seed in Seeds)
        {
            await using var under = await source.OpenAsync();
            var dice = new Dice(seed);
            await using var world = new PastWorld(under, dice);
            var told = await PlayAsync(world, dice);
            foreach (var (at, answers) in told)
            {
                await SameAsync(world, at, answers, $"seed {seed}, asked later");
            }

            (await world.Door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();
        }
    }

    /// <remarks>Rows that snapshots cover are cut on the way: the answer is the same, or says from when on there is one.</remarks>
    [Fact]
    public async Task What_was_answered_then_is_answered_from_snapshots_when_rows_are_cut()
    {
        var (same, refused, cut) = (0, 0, 0L);
        foreach (var seed in Seeds)
        {
            await using var under = await source.OpenAsync();
            var dice = new Dice(seed);
            await using var world = new PastWorld(under, dice, journalKept: TimeSpan.FromMinutes(3));
            var told = await PlayAsync(world, dice, sweep: true);
            world.Clock.Now += TimeSpan.FromMinutes(4);
            await world.SweepAsync();
            await world.SweepAsync();
            var sent = new Dictionary<DateTimeOffset, ImmutableArray<(string Question, string Answer)>>();
            foreach (var (at, answers) in told)
            {
                var now = await world.AskAllAsync(at, Cancellation);
                for (var index = 0; index < answers.Length; index++)
                {
                    if (OldestOf(now[index].Answer) is { } oldest)
                    {
                        refused++;
                        oldest.ShouldBeGreaterThan(at);
                        sent[oldest] = sent.TryGetValue(oldest, out var known) ? known : await world.AskAllAsync(oldest, Cancellation);
                        OldestOf(sent[oldest][index].Answer).ShouldBeNull($"seed {seed}, of {at:O}, sent to {oldest:O}: {answers[index].Question}");
                        continue;
                    }

                    same++;
                    now[index].Answer.ShouldBe(answers[index].Answer, $"seed {seed}, of {at:O}: {answers[index].Question}");
                }
            }

            cut += world.RowsCut;
            (await world.Door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();
        }

        cut.ShouldBeGreaterThan(0);
        refused.ShouldBeGreaterThan(0);
        same.ShouldBeGreaterThan(refused);
    }

    [Fact]
    public async Task Attributes_are_blanked_wherever_they_stand_and_nothing_else_changes()
    {
        await using var under = await source.OpenAsync();
        await using var world = new PastWorld(under, new(7));
        await PrepareAsync(world);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await AssignAsync(world, "a", "secret", 2);
            await AssignAsync(world, "a", "other", 1);
            world.Clock.Now += TimeSpan.FromSeconds(40);
            await world.Door.ReleaseHandleAsync(new() { Handle = "secret" }, Cancellation);
            world.Clock.Now += TimeSpan.FromSeconds(40);
        }

        await AssignAsync(world, "a", "secret", 1);
        var before = (await world.Door.Past.HoldingsAsync(new(), Cancellation)).Value.Items;

        var answer = (await world.Door.Past.RedactAsync(new() { Handle = "secret" }, Cancellation)).Value;

        (answer.Redacted, answer.Done).ShouldBe((7, true));
        var after = (await world.Door.Past.HoldingsAsync(new(), Cancellation)).Value.Items;
        after.Select(static held => (held.Address, held.Handle, held.Generation, held.From, held.To)).ShouldBe(before.Select(static held => (held.Address, held.Handle, held.Generation, held.From, held.To)));
        after.Where(static held => held.Handle == "secret").ShouldAllBe(static held => held.Redacted == true && held.Attributes!.IsEmpty);
        after.Where(static held => held.Handle == "other").ShouldAllBe(static held => held.Redacted == null && held.Attributes!.Count == 1);

        // The mark goes with the row, a repeat finds nothing, and replay knows what happened.
        await world.Door.ReleaseHandleAsync(new() { Handle = "secret" }, Cancellation);
        (await world.Door.Past.HoldingsAsync(new() { Handle = "secret" }, Cancellation)).Value.Items.ShouldAllBe(static held => held.Redacted == true && held.To != null);
        (await world.Door.Past.RedactAsync(new() { Handle = "secret" }, Cancellation)).Value.Redacted.ShouldBe(0);
        await AssignAsync(world, "a", "secret", 1);
        (await world.Door.Past.RedactAsync(new() { Handle = "secret" }, Cancellation)).Value.Redacted.ShouldBe(1);
        (await world.Door.CheckAsync(Cancellation)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task History_past_its_time_is_forgotten_and_instants_before_it_are_refused_with_the_oldest_that_is_not()
    {
        await using var under = await source.OpenAsync();
        var dice = new Dice(11);
        await using var world = new PastWorld(under, dice);
        var told = await PlayAsync(world, dice);
        world.Clock.Now += TimeSpan.FromHours(23);
        var late = world.Clock.Now;
        await AssignAsync(world, "a", "late", 2);
        world.Clock.Now += TimeSpan.FromSeconds(1);
        var answers = await world.AskAllAsync(null, Cancellation);
        var asked = world.Clock.Now;
        world.Clock.Now += TimeSpan.FromHours(2);
        (await under.Past.HasHistoryBeforeAsync(world.Clock.Now - TimeSpan.FromHours(24), Cancellation)).ShouldBeTrue();

        await world.SweepAsync();

        var horizon = (await under.Past.HorizonAsync(Cancellation)).ShouldNotBeNull();
        horizon.ShouldBe(world.Clock.Now - TimeSpan.FromHours(24));
        (await under.Past.HasHistoryBeforeAsync(horizon, Cancellation)).ShouldBeFalse();
        var refused = (await world.Door.Past.AddressesAsync(new(), told[0].At, Cancellation)).Refusals.ShouldHaveSingleItem();
        (refused.Code, refused.Field).ShouldBe((RefusalCode.HistoryExpired, "at"));
        refused.Message.ShouldContain(horizon.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        late.ShouldBeGreaterThan(horizon);
        await SameAsync(world, asked, answers, "behind the horizon");
    }

    [Fact]
    public async Task The_future_is_refused()
    {
        await using var under = await source.OpenAsync();
        await using var world = new PastWorld(under, new(1));

        var refused = (await world.Door.Past.BlocksAsync(new(null, null), world.Clock.Now.AddSeconds(1), Cancellation)).Refusals.ShouldHaveSingleItem();

        (refused.Code, refused.Field).ShouldBe((RefusalCode.OutOfRange, "at"));
    }

    [Fact]
    public async Task Holders_are_paged_in_the_order_of_their_ends_both_ways()
    {
        await using var under = await source.OpenAsync();
        var dice = new Dice(5);
        await using var world = new PastWorld(under, dice);
        await PlayAsync(world, dice);
        foreach (var newest in (bool[])[false, true])
        {
            var all = (await world.Door.Past.HoldingsAsync(new() { Limit = 10_000, NewestFirst = newest }, Cancellation)).Value.Items;
            var paged = new List<string>();
            string? next = null;
            do
            {
                var page = (await world.Door.Past.HoldingsAsync(new() { Limit = 3, NewestFirst = newest, Continue = next }, Cancellation)).Value;
                paged.AddRange(page.Items.Select(Rendering.Render));
                next = page.Continue;
            }
            while (next is not null);
            all.Length.ShouldBeGreaterThan(10);
            paged.ShouldBe(all.Select(Rendering.Render));
        }
    }

    private static IEnumerable<int> Seeds => Environment.GetEnvironmentVariable("PAST_SEED") is { } one
        ? [Number(one)]
        : Enumerable.Range(1, Number(Environment.GetEnvironmentVariable("PAST_PROGRAMS") ?? "3"));

    /// <summary>The instant that a refused answer names; null for one that is none.</summary>
    private static DateTimeOffset? OldestOf(string answer)
    {
        const string Before = "the oldest instant that can be answered is ";
        return answer.Contains(nameof(RefusalCode.HistoryExpired), StringComparison.Ordinal) && answer.IndexOf(Before, StringComparison.Ordinal) is var start and >= 0
            ? DateTimeOffset.Parse(answer.AsSpan(start + Before.Length, "2030-01-01T12:00:00.0000000Z".Length), CultureInfo.InvariantCulture)
            : null;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static async Task SameAsync(PastWorld world, DateTimeOffset at, ImmutableArray<(string Question, string Answer)> then, string context)
    {
        var now = await world.AskAllAsync(at, Cancellation);
        for (var index = 0; index < then.Length; index++)
        {
            now[index].Answer.ShouldBe(then[index].Answer, $"{context}, of {at:O}: {then[index].Question}");
        }
    }

    private static async Task PrepareAsync(PastWorld world)
    {
        await world.Door.CreateAsync(new IpamConfiguration(new("default"), new() { IpCooldownSeconds = 30 }), dryRun: false, Cancellation);
        await world.Door.CreateAsync(new IpPool(new("web"), new() { Cidr = "10.0.0.0/26", BlockSize = 29 }), dryRun: false, Cancellation);
        foreach (var node in (string[])["a", "b"])
        {
            await world.Door.CreateAsync(new Node(new(node), new()), dryRun: false, Cancellation);
        }
    }

    private static Task AssignAsync(PastWorld world, string host, string handle, int count) => world.Door.AssignAsync(
        new() { Host = host, Handle = handle, Ipv4 = count, Attributes = ImmutableSortedDictionary<string, string>.Empty.Add("pod", handle) }, Cancellation);

    /// <summary>A random program: after each step, what is answered live.</summary>
    private static async Task<List<(DateTimeOffset At, ImmutableArray<(string Question, string Answer)> Answers)>> PlayAsync(PastWorld world, Dice dice, bool sweep = false)
    {
        await PrepareAsync(world);
        var told = new List<(DateTimeOffset, ImmutableArray<(string, string)>)>();
        for (var step = 0; step < (sweep ? LongSteps : Steps); step++)
        {
            await StepAsync(world, dice, dice.Percent(50) ? "a" : "b");
            if (sweep && dice.Percent(40))
            {
                await world.SweepAsync();
            }

            told.Add((world.Clock.Now, await world.AskAllAsync(null, Cancellation)));
            world.Clock.Now += TimeSpan.FromSeconds(1 + dice.Below(45));
        }

        return told;
    }

    private static async Task StepAsync(PastWorld world, Dice dice, string host)
    {
        var door = world.Door;
        await (dice.Below(20) switch
        {
            < 8 => AssignAsync(world, host, $"web-{dice.Below(4)}", 1 + dice.Below(9)),
            < 13 => door.ReleaseHandleAsync(new() { Handle = $"web-{dice.Below(4)}" }, Cancellation),
            13 => door.ReleaseHostAffinitiesAsync(host, mustBeEmpty: false, Cancellation),
            14 => door.DeleteAsync(ResourceKind.Node, host, null, dryRun: false, Cancellation),
            15 => door.CreateAsync(new Node(new(host), new()), dryRun: false, Cancellation),
            16 => door.CreateAsync(new IpReservation(new("kept"), ["10.0.0.4/30"]), dryRun: false, Cancellation),
            17 => door.DeleteAsync(ResourceKind.IPReservation, "kept", null, dryRun: false, Cancellation),
            18 => world.SweepAsync(),
            _ => door.SplitAsync(new() { Pool = "web", Parts = 2 }, Cancellation),
        });
    }
}

public sealed class MemoryPast() : PastContract(new Memory.MemorySource());

public sealed class SqlitePast() : PastContract(new Sqlite.SqliteSource());

public sealed class PostgresPast() : PastContract(new Postgres.PostgresSource());
