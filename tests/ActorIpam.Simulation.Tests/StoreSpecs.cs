using System.Collections.Immutable;
using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Journal;
using ActorIpam.Simulation.Kernel;
using ActorIpam.Simulation.Laws;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>The failing store, used by the smallest protocol there is: two writers that each append to one stream until the outcome is definite.</summary>
public sealed class StoreSpecs
{
    private static readonly StreamId Ledger = new("ledger");

    [Fact]
    public void Under_every_fault_each_entry_is_written_exactly_once()
    {
        var report = new FaultReport();
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var (written, wanted, faults) = Play(seed);
            written.Order().ShouldBe(wanted.Order(), $"seed {seed}");
            report.Add(faults);
        }

        // The store's own; members, their messages and their snapshots are not in this world.
        foreach (var fault in (Fault[])[Fault.LostOnTheWay, Fault.RefusedBefore, Fault.StorageFull, Fault.AnswerLost, Fault.Torn, Fault.ArrivesLate, Fault.AnsweredLate, Fault.Stall, Fault.ReadFails, Fault.ReadIsSlow])
        {
            report.Points.Sum(point => report.Hits(point, fault)).ShouldBeGreaterThan(0, $"{fault} never happened");
        }
    }

    [Fact]
    public void The_same_seed_writes_the_same_rows() => Play(11).Written.ShouldBe(Play(11).Written);

    [Theory]
    [InlineData(Fault.LostOnTheWay)]
    [InlineData(Fault.RefusedBefore)]
    [InlineData(Fault.StorageFull)]
    [InlineData(Fault.ArrivesLate)]
    [InlineData(Fault.AnswerLost)]
    public void A_store_that_stands_still_keeps_nobody_longer_than_his_patience(Fault fault)
    {
        var world = new World(1);
        var store = new SimulatedStore(world, new(new(ImmutableSortedDictionary<Fault, int>.Empty.Add(fault, 1000)), world.Dice("faults")) { IsOn = true });
        store.Stall(TimeSpan.FromSeconds(30));
        Outcome? outcome = null;
        var told = TimeSpan.Zero;
        world.Run(async () =>
        {
            var lane = world.NewLane("a");
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lane.Post(async _ =>
            {
                outcome = (await new SimulatedJournal(store, "m1", lane, () => { }).AppendAsync([new(new(lane.Chance.NewId())) { At = lane.Clock.GetUtcNow(), Member = "a", Appends = [new(Ledger, Head.None, 1, "entry")] }]))[0];
                told = world.Elapsed;
                done.SetResult();
            }, null);
            await done.Task;
        });
        outcome.ShouldBeOfType<Outcome.Unknown>();
        told.ShouldBeLessThan(TimeSpan.FromSeconds(10.1));
    }

    private static (List<string> Written, List<string> Wanted, FaultReport Faults) Play(ulong seed)
    {
        var world = new World(seed);
        var rates = new FaultRates(Enum.GetValues<Fault>().Where(fault => fault is not (Fault.None or Fault.CrashBefore or Fault.CrashUnderway or Fault.CrashAfter)).ToImmutableSortedDictionary(fault => fault, _ => 60));
        var store = new SimulatedStore(world, new(rates, world.Dice("faults")) { IsOn = true });
        var wanted = new List<string>();
        var writers = "ab".Select(name => WriteAsync(name.ToString())).ToList();
        world.Run(() => Task.WhenAll(writers.Select(start => start())));
        VersionsHaveNoGap.Judge(new([], store.Commits, true)).ShouldBeEmpty();
        return ([.. store.Commits.Select(commit => commit.Unit.Appends[0].Events)], wanted, store.Faults.Report);

        Func<Task> WriteAsync(string name)
        {
            var lane = world.NewLane(name);
            var journal = new SimulatedJournal(store, "m1", lane, () => { });
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return async () =>
            {
                lane.Post(async _ =>
                {
                    for (var entry = 0; entry < 5; entry++)
                    {
                        wanted.Add($"{name}{entry}");
                        await UntilWonAsync(lane, journal, $"{name}{entry}");
                    }

                    done.SetResult();
                }, null);
                await done.Task;
            };
        }
    }

    private static async Task UntilWonAsync(Lane lane, SimulatedJournal journal, string entry)
    {
        Unit? unit = null;
        while (true)
        {
            unit ??= await DecideAsync(lane, journal, entry);
            if (unit is null)
            {
                continue;
            }

            switch ((await journal.AppendAsync([unit]))[0])
            {
                case Outcome.Won or Outcome.AlreadyMine:
                    return;
                case Outcome.Lost or Outcome.Failed:
                    unit = null;
                    break;
            }
        }
    }

    private static async Task<Unit?> DecideAsync(Lane lane, SimulatedJournal journal, string entry)
    {
        try
        {
            var head = await journal.HeadsAsync([Ledger], CancellationToken.None);
            return new(new(lane.Chance.NewId())) { At = lane.Clock.GetUtcNow(), Member = lane.Name, Appends = [new(Ledger, head[0], 1, entry)] };
        }
        catch (JournalUnavailableException)
        {
            return null;
        }
    }
}
