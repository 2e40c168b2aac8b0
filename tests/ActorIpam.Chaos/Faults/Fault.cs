using ActorIpam.Chaos.Net;

namespace ActorIpam.Chaos.Faults;

/// <summary>Something that goes wrong and is put right again.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Strike">Does it, waits, and undoes it.</param>
internal sealed record Fault(string Name, Func<World, Random, Task> Strike)
{
    /// <summary>While members do not hear each other: one waits for another for 1.5 s before it serves.</summary>
    private static readonly TimeSpan Parted = TimeSpan.FromSeconds(3);

    /// <summary>While one of several members is gone, or does not hear another.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    /// <summary>How long after the database takes writes again nobody may have been served.</summary>
    private static readonly TimeSpan LongestWithoutService = TimeSpan.FromSeconds(5);

    /// <summary>How long a client may wait for a definite answer; null where that depends on something that is broken for as long as it is.</summary>
    public TimeSpan? LongestWait { get; private init; }

    /// <summary>Whether every member answers every attempt all the same.</summary>
    public bool AnswersAll { get; private init; }

    /// <summary>It breaks ways between programs, and no program.</summary>
    public bool IsOfNetwork { get; private init; }

    /// <summary>Whether a run with these options can have it.</summary>
    public Func<Options, bool> Needs { get; private init; } = static _ => true;

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("member killed", async (world, dice) =>
        {
            var member = dice.Of(world.Members);
            await member.KillAsync();
            await dice.WaitAsync(0.5, 4);
            await member.StartAsync();
        })
        { LongestWait = Short },
        new("member stands still", async (world, dice) =>
        {
            var member = dice.Of(world.Members);
            await member.PauseAsync();
            await dice.WaitAsync(1, 20);
            await member.ResumeAsync();
        }),
        new("members cannot hear each other", async (world, dice) =>
        {
            var (one, other) = dice.Two(world.Members);
            await Wall.BetweenAsync(one.Place, other.Place);
            await dice.WaitAsync(3, 12);
            await world.OpenAsync();
        })
        { IsOfNetwork = true, LongestWait = Parted, AnswersAll = true },
        new("one member is deaf to another", async (world, dice) =>
        {
            var (one, other) = dice.Two(world.Members);
            await Wall.DeafenAsync(one.Place, other.Place);
            await dice.WaitAsync(3, 12);
            await world.OpenAsync();
        })
        { IsOfNetwork = true, LongestWait = Parted, AnswersAll = true },
        new("member alone among members", async (world, dice) =>
        {
            var alone = dice.Of(world.Members);
            foreach (var other in world.Members.Where(member => member != alone))
            {
                await Wall.BetweenAsync(alone.Place, other.Place);
            }

            await dice.WaitAsync(3, 12);
            await world.OpenAsync();
        })
        { IsOfNetwork = true, LongestWait = Parted, AnswersAll = true },
        new("member cannot reach the database", async (world, dice) =>
        {
            var member = dice.Of(world.Members);
            foreach (var place in world.Database.Places)
            {
                await Wall.BetweenAsync(member.Place, place);
            }

            await dice.WaitAsync(3, 15);
            await world.OpenAsync();
        })
        { IsOfNetwork = true },
        new("member does not hear the database", async (world, dice) =>
        {
            var member = dice.Of(world.Members);
            foreach (var place in world.Database.Places)
            {
                await Wall.DeafenAsync(member.Place, place);
            }

            await dice.WaitAsync(3, 15);
            await world.OpenAsync();
        })
        { IsOfNetwork = true },
        new("clients' connections cut", async (world, dice) =>
        {
            var cut = 0;
            for (var i = dice.Next(1, 6); i > 0; i--)
            {
                cut += dice.Of(world.Endpoints).Cut();
                await dice.WaitAsync(0.05, 0.5);
            }

            Struck(cut);
        })
        { IsOfNetwork = true, LongestWait = Short },
        new("database connections cut", async (world, dice) =>
        {
            var cut = 0;
            for (var i = dice.Next(1, 6); i > 0; i--)
            {
                cut += await world.Database.CutConnectionsAsync();
                await dice.WaitAsync(0.05, 0.5);
            }

            Struck(cut);
        })
        { IsOfNetwork = true },
        new("members' connections cut", async (world, dice) =>
        {
            for (var i = dice.Next(1, 6); i > 0; i--)
            {
                var (one, other) = dice.Two(world.Members);
                await Wall.ResetBetweenAsync(one.Place, other.Place);
                await dice.WaitAsync(0.05, 0.3);
                await world.OpenAsync();
                await dice.WaitAsync(0.05, 0.5);
            }
        })
        { IsOfNetwork = true, LongestWait = Short, AnswersAll = true },
        new("database restarted", async (world, dice) =>
        {
            await world.Database.RestartAsync();
            await world.Database.WritableAsync();
            await world.ServedAsync(LongestWithoutService);
        }),
        new("database killed", async (world, dice) =>
        {
            await world.Database.KillPrimaryAsync();
            await dice.WaitAsync(0.1, 2);
            if (!world.Database.FailsOver)
            {
                await world.Database.RepairAsync();
            }

            await world.Database.WritableAsync();
            await world.ServedAsync(LongestWithoutService);
            await world.Database.RepairAsync();
        }),
        new("rolling restart", async (world, dice) =>
        {
            foreach (var member in world.Members)
            {
                await world.StopAsync(member);
                await member.StartAsync();
                await dice.WaitAsync(0.2, 1);
            }
        })
        { LongestWait = Short },
        new("rolling upgrade", async (world, dice) =>
        {
            // To the other build, and at the next strike back: both steps of one are steps that a cluster may take.
            world.OnOther = !world.OnOther;
            foreach (var member in world.Members)
            {
                await world.StopAsync(member);
                await member.StartAsync(world.Program);
                await dice.WaitAsync(0.5, 3);
            }
        })
        { LongestWait = Short, Needs = static options => options.Other is not null },
    ];

    /// <summary>A fault that met nothing is none.</summary>
    private static void Struck(int connections)
    {
        if (connections == 0)
        {
            throw new InvalidOperationException("There was no connection to cut.");
        }
    }
}

/// <summary>Chance of the run.</summary>
internal static class Dice
{
    public static T Of<T>(this Random dice, IReadOnlyList<T> list) => list[dice.Next(list.Count)];

    public static (T One, T Other) Two<T>(this Random dice, IReadOnlyList<T> list)
    {
        var one = dice.Next(list.Count);
        return (list[one], list[(one + dice.Next(1, list.Count)) % list.Count]);
    }

    public static Task WaitAsync(this Random dice, double least, double most) => Task.Delay(TimeSpan.FromSeconds(least + (dice.NextDouble() * (most - least))));
}
