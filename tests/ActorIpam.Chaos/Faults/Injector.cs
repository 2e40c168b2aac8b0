using ActorIpam.Chaos.Judging;
using ActorIpam.Chaos.Load;

namespace ActorIpam.Chaos.Faults;

/// <summary>Strikes with one fault after the other until its time is over. All kinds come once before any comes again.</summary>
internal sealed class Injector(World world, IReadOnlyList<Fault> faults, Random dice, Action<string> tell)
{
    private readonly List<Strike> _strikes = [];

    public IReadOnlyList<Strike> Strikes => _strikes;

    public async Task RunAsync(TimeSpan length)
    {
        var until = DateTime.UtcNow + length;
        if (faults.Count == 0)
        {
            await Task.Delay(length);
        }

        while (DateTime.UtcNow < until)
        {
            foreach (var fault in Shuffled())
            {
                if (DateTime.UtcNow >= until)
                {
                    return;
                }

                var began = Chronicle.Now;
                await fault.Strike(world, dice);
                _strikes.Add(new(fault, began, Chronicle.Now));
                tell($"{fault.Name}, {(_strikes[^1].Ended - began) / 1e6:0.0} s");
                await dice.WaitAsync(1, 4);
            }
        }
    }

    private Fault[] Shuffled()
    {
        var order = faults.ToArray();
        dice.Shuffle(order);
        return order;
    }
}

/// <param name="Fault">What went wrong.</param>
/// <param name="Began">Microseconds of the common clock.</param>
/// <param name="Ended">When it was put right.</param>
internal sealed record Strike(Fault Fault, long Began, long Ended)
{
    /// <summary>Whether a request waited while it was broken, or just afterwards.</summary>
    public bool Meets(Wait wait) => wait.Asked < Ended + Promises.After && wait.Answered > Began;
}
