using ActorIpam.Simulation.Kernel;
using Shouldly;
using Xunit;

namespace ActorIpam.Simulation.Tests;

public sealed class WorldSpecs
{
    [Fact]
    public void The_same_seed_runs_the_same_callbacks_in_the_same_order()
    {
        Story(7).ShouldBe(Story(7));
        Story(7).ShouldNotBe(Story(8));

        static string Story(ulong seed)
        {
            var world = new World(seed);
            world.Run(() => Task.WhenAll(Enumerable.Range(0, 5).Select(async number =>
            {
                await Task.Yield();
                world.Tell("worker", number.ToString(null as IFormatProvider));
            })));
            return $"{string.Join(' ', world.Story.Lines.Select(line => line.What))} {world.Trace.Value}";
        }
    }

    [Fact]
    public void Hours_of_virtual_time_pass_at_once()
    {
        var world = new World(1, new() { Time = TimeSpan.FromDays(1) });
        var clock = world.NewLane("sleeper").Clock;

        world.Run(() => Task.Delay(TimeSpan.FromHours(5), clock));

        world.Elapsed.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(5));
        world.Elapsed.ShouldBeLessThan(TimeSpan.FromHours(5) + TimeSpan.FromSeconds(1));
        world.Step.ShouldBeLessThan(20);
    }

    [Fact]
    public void Timers_of_every_kind_ring_in_virtual_time()
    {
        var world = new World(2);
        var lane = world.NewLane("member");
        var rings = 0;

        world.Run(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), lane.Clock);
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(3.5), lane.Clock);
            try
            {
                while (await timer.WaitForNextTickAsync(deadline.Token))
                {
                    rings++;
                }
            }
            catch (OperationCanceledException)
            {
                world.Elapsed.ShouldBe(TimeSpan.FromSeconds(3.5), TimeSpan.FromMilliseconds(1));
            }
        });

        rings.ShouldBe(3);
    }

    [Fact]
    public void A_clock_with_a_skew_is_off_by_it_and_waits_as_long_as_others()
    {
        var world = new World(3);
        var lane = world.NewLane("member");
        lane.Clock.Skew = TimeSpan.FromSeconds(9);
        world.Run(() => Task.Delay(TimeSpan.FromSeconds(1), lane.Clock));
        (lane.Clock.GetUtcNow() - world.Now).ShouldBe(TimeSpan.FromSeconds(9));
        world.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Whatever_a_dead_lane_awaited_never_comes_back()
    {
        var world = new World(4);
        var (victim, other) = (world.NewLane("victim"), world.NewLane("other"));
        var said = new List<string>();
        victim.Post(_ => _ = SleepAsync(victim, "victim"), null);
        other.Post(_ => _ = SleepAsync(other, "other"), null);

        world.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), other.Clock);
            victim.Crash();
            await Task.Delay(TimeSpan.FromSeconds(5), other.Clock);
        });

        said.ShouldBe(["other"]);

        async Task SleepAsync(Lane lane, string name)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), lane.Clock);
            said.Add(name);
        }
    }

    [Fact]
    public void A_lane_that_stood_still_goes_on_where_it_was()
    {
        var world = new World(5);
        var (sleeper, other) = (world.NewLane("sleeper"), world.NewLane("other"));
        TimeSpan? woke = null;
        sleeper.Post(_ => _ = SleepAsync(), null);

        world.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), other.Clock);
            sleeper.Pause();
            await Task.Delay(TimeSpan.FromSeconds(10), other.Clock);
            woke.ShouldBeNull();
            sleeper.Resume();
            await Task.Delay(TimeSpan.FromSeconds(1), other.Clock);
        });

        woke.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.FromSeconds(11));

        async Task SleepAsync()
        {
            await Task.Delay(TimeSpan.FromSeconds(2), sleeper.Clock);
            woke = world.Elapsed;
        }
    }

    [Fact]
    public void A_deadlock_is_said_with_its_seed() =>
        Should.Throw<WorldStuckException>(() => new World(42).Run(() => new TaskCompletionSource().Task))
            .Message.ShouldStartWith("seed 42: Deadlock");

    [Fact]
    public void Going_in_circles_is_said_with_who_does() =>
        Should.Throw<WorldStuckException>(() => new World(43, new() { Steps = 100 }).Run(async () =>
        {
            while (true)
            {
                await Task.Yield();
            }
        })).Message.ShouldMatch("seed 43: No progress.*director");

    [Fact]
    public void What_comes_back_on_another_thread_ends_the_run()
    {
        var world = new World(44);
        var lane = world.NewLane("member");
        var thread = new Thread(() => lane.Post(_ => { }, null));

        Should.Throw<WorldStuckException>(() => world.Run(async () =>
        {
            thread.Start();
            thread.Join();
            await Task.Yield();
        })).Message.ShouldContain("another thread");
    }

    [Fact]
    public void An_exception_out_of_a_callback_ends_the_run()
    {
        var world = new World(45);
        var lane = world.NewLane("member");
        lane.Post(_ => throw new FormatException("odd"), null);
        Should.Throw<InvalidOperationException>(() => world.Run(() => Task.Delay(TimeSpan.FromSeconds(1), lane.Clock))).InnerException.ShouldBeOfType<FormatException>();
    }

    [Fact]
    public void Dice_of_one_name_do_not_depend_on_the_rolls_of_others()
    {
        var (plain, rolled) = (new Dice(9), new Dice(9));
        rolled.Next(100);
        rolled.Fork("a").NewId().ShouldBe(plain.Fork("a").NewId());
        plain.Fork("a").NewId().ShouldNotBe(plain.Fork("b").NewId());
        Enumerable.Range(0, 1000).Select(_ => plain.Next(6)).Distinct().Order().ShouldBe([0, 1, 2, 3, 4, 5]);
    }
}
