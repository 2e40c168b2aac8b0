using ActorIpam.Chaos.Load;

namespace ActorIpam.Chaos.Faults;

/// <summary>Strikes with one fault after the other until its time is over. All kinds come once before any comes again.</summary>
internal sealed class Injector(World world, IReadOnlyList<Fault> faults, Random dice, Action<string> tell)
{
    /// <summary>So many strikes in a row may fail before the run is ended: what they were to break is broken for good.</summary>
    private const int MostFailures = 3;

    private readonly List<Strike> _strikes = [];
    private int _failures;

    public IReadOnlyList<Strike> Strikes => _strikes;

    public async Task RunAsync(TimeSpan length)
    {
        var until = DateTime.UtcNow + length;
        while (DateTime.UtcNow < until && _failures < MostFailures)
        {
            foreach (var fault in Shuffled())
            {
                if (DateTime.UtcNow >= until || _failures == MostFailures)
                {
                    return;
                }

                var began = Chronicle.Now;
                await StrikeAsync(fault);
                _strikes.Add(new(fault, began, Chronicle.Now));
                tell($"{fault.Name}, {(_strikes[^1].Ended - began) / 1e6:0.0} s");
                await dice.WaitAsync(1, 4);
            }
        }
    }

    /// <summary>What cannot be done, or undone, is told and put right, so that what was seen before is judged all the same.</summary>
    private async Task StrikeAsync(Fault fault)
    {
        try
        {
            await fault.Strike(world, dice);
            _failures = 0;
        }
        catch (Exception e) when (World.IsTrouble(e))
        {
            _failures++;
            world.Complain($"{fault.Name}: {e.Message}");
            tell($"{fault.Name} failed: {e.Message}");
            if (!await world.TryHealAsync())
            {
                _failures = MostFailures;
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
