using ActorIpam.EventSourcing;
using ActorIpam.Simulation.Faults;
using ActorIpam.Simulation.Journal;
using ActorIpam.Simulation.Kernel;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

/// <summary>The store while its standby cannot be reached: what waits is seen by nobody, what is seen is told to nobody, and what was told is never lost.</summary>
public sealed class ReplicationSpecs
{
    private static readonly StreamId Ledger = new("ledger"), Other = new("other");

    private static readonly Unit First = new(new(Guid.Parse("00000000-0000-0000-0000-000000000001"))) { At = DateTimeOffset.UnixEpoch, Member = "m1", Appends = [new(Ledger, Head.None, 1, "first")] };

    private readonly World _world = new(1);
    private readonly SimulatedStore _store;
    private readonly Lane _lane;
    private readonly SimulatedJournal _journal;

    public ReplicationSpecs()
    {
        _store = new(_world, new(FaultRates.None, _world.Dice("faults")));
        _lane = _world.NewLane("m1");
        _journal = new(_store, "m1", _lane, () => { });
    }

    [Fact]
    public void A_commit_that_waits_is_seen_by_nobody_and_told_when_the_standby_is_back() => Play(async () =>
    {
        _store.Replication.Part();
        var sending = Send(First);
        await RestAsync();
        (await SeenAsync(Ledger)).ShouldBe(Head.None);
        sending.IsCompleted.ShouldBeFalse();

        _store.Replication.Rejoin();
        (await sending).ShouldBeOfType<Outcome.Won>();
        (await SeenAsync(Ledger)).Version.ShouldBe(1);
    });

    [Fact]
    public void After_a_restart_in_place_it_is_seen_and_even_its_sender_is_not_told() => Play(async () =>
    {
        _store.Replication.Part();
        var sending = Send(First);
        await RestAsync();
        _store.Replication.Restart();
        (await sending).ShouldBeOfType<Outcome.Unknown>();
        (await SeenAsync(Ledger)).Version.ShouldBe(1);

        var again = Send(First);
        var question = Send(new(new(Guid.NewGuid())) { At = First.At, Member = "m1", Fences = [new(Other, Head.None)] });
        await RestAsync();
        (again.IsCompleted, question.IsCompleted).ShouldBe((false, false), "even an answer that writes nothing waits");
    });

    [Fact]
    public void A_standby_that_takes_over_without_it_leaves_it_to_be_sent_again() => Play(async () =>
    {
        await Send(First with { Commit = new(Guid.NewGuid()), Appends = [new(Other, Head.None, 1, "told")] });
        _store.Replication.Part();
        var sending = Send(First);
        await RestAsync();
        _store.Replication.Restart();
        await sending;
        _store.Replication.FailOver(kept: 0);

        (await SeenAsync(Ledger)).ShouldBe(Head.None);
        (await SeenAsync(Other)).Version.ShouldBe(1, "what was answered is never lost");
        _store.Replication.Lost.ShouldHaveSingleItem().Commit.Unit.ShouldBe(First);
        _store.Commits.Count.ShouldBe(1);
        (await Send(First)).ShouldBeOfType<Outcome.Won>();
    });

    [Fact]
    public void A_standby_that_has_it_though_it_never_said_so_knows_the_unit_again() => Play(async () =>
    {
        _store.Replication.Part();
        var sending = Send(First);
        await RestAsync();
        _store.Replication.FailOver(kept: 1);
        (await sending).ShouldBeOfType<Outcome.Unknown>();
        (await Send(First)).ShouldBeOfType<Outcome.AlreadyMine>();
    });

    [Fact]
    public void Who_needs_what_a_waiting_commit_holds_waits_for_it_and_a_cancelled_wait_lets_him_go_on() => Play(async () =>
    {
        _store.Replication.Part();
        var sending = Send(First);
        await RestAsync();
        var behind = Send(First with { Commit = new(Guid.NewGuid()) });
        await RestAsync();
        _store.Replication.Unreplicated.ShouldBe(1, "the second waits for the lock of the first");

        _store.Replication.Cancel(_world.Dice("cancels")).ShouldBeTrue();
        (await sending).ShouldBeOfType<Outcome.Unknown>("success with a warning is no success");
        _store.Replication.Unreplicated.ShouldBe(2);
        behind.IsCompleted.ShouldBeFalse();
        _store.Replication.Rejoin();
        (await behind).ShouldBeOfType<Outcome.Lost>();
    });

    [Fact]
    public void Nobody_waits_for_a_standby_beyond_his_patience() => Play(async () =>
    {
        _store.Replication.Part();
        var began = _world.Elapsed;
        (await Send(First)).ShouldBeOfType<Outcome.Unknown>();
        (_world.Elapsed - began).ShouldBeInRange(TimeSpan.FromSeconds(9.9), TimeSpan.FromSeconds(10.1));
        _store.Replication.Rejoin();
        (await SeenAsync(Ledger)).Version.ShouldBe(1, "its server waited on");
    });

    private async Task<Outcome> Send(Unit unit) => (await _journal.AppendAsync([unit]))[0];

    private async Task<Head> SeenAsync(StreamId stream) => (await _journal.HeadsAsync([stream], CancellationToken.None))[0];

    private Task RestAsync() => Task.Delay(TimeSpan.FromMilliseconds(20), _lane.Clock);

    private void Play(Func<Task> story)
    {
        _world.Run(async () =>
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _lane.Post(async _ =>
            {
                try
                {
                    await story();
                    done.SetResult();
                }
                catch (Exception failure)
                {
                    done.SetException(failure);
                }
            }, null);
            await done.Task;
        });
    }
}
