using ActorIpam.Conformance.Cases;
using ActorIpam.Conformance.Playing;

namespace ActorIpam.Conformance.Scenarios;

/// <summary>Plays one scenario: a world of its own, then its steps, up to the first that finds something.</summary>
internal sealed class Scenario(World world, SingleThread thread)
{
    private readonly Saved _saved = new();

    /// <summary>The player of a section of scenarios.</summary>
    public static void Play(Case one, Findings findings)
    {
        var clock = new VirtualClock();
        var thread = new SingleThread(clock);
        thread.Run(async () =>
        {
            await using var world = new World(clock);
            await new Scenario(world, thread).PlayAsync(one.Fields, findings);
        });
    }

    private async Task PlayAsync(Fields fields, Findings findings)
    {
        await new Setup(world, findings.At("setup")).PrepareAsync(fields.Get("setup").Map());
        await PlayAsync(fields.Get("steps").List(), "", findings);
        Laws.Check(world.Journal.Snapshot(), findings.At("afterwards"));
        fields.NoOthers();
    }

    private async Task PlayAsync(IReadOnlyList<Value> steps, string prefix, Findings findings)
    {
        for (var at = 0; at < steps.Count && findings.All.Count == 0; at++)
        {
            await PlayAsync(steps[at].Map(), $"{prefix}{at + 1}", findings);
        }
    }

    private async Task PlayAsync(Fields step, string number, Findings findings)
    {
        var op = step.Text("op");
        var told = findings.At($"step {number}: {op}");
        try
        {
            await PlayAsync(op, step, number, findings, Expectation.Of(step, told));
        }
        catch (Exception failure) when (failure is not CaseFormatException)
        {
            told.Add($"{failure.GetType().Name}: {failure.Message}");
        }
    }

    private async Task PlayAsync(string op, Fields step, string number, Findings findings, Expectation expect)
    {
        thread.Expect(TimeSpan.Zero);
        switch (op)
        {
            case "parallel":
                await ParallelAsync(step.Get("steps").List(), number + ".", findings);
                break;
            case "advance":
                var time = TimeSpan.FromSeconds(step.Get("seconds").Number());
                thread.Expect(time);
                await Task.Delay(time, world.Clock);
                break;
            default:
                await Steps.Of(op, step.Path)(new(world, _saved, step, expect));
                break;
        }

        step.NoOthers();
        expect.NoOthers();
    }

    private async Task ParallelAsync(IReadOnlyList<Value> steps, string prefix, Findings findings) =>
        await Task.WhenAll(steps.Select(async (step, at) =>
        {
            // All are on their way before the first one runs.
            await Task.Yield();
            await PlayAsync(step.Map(), $"{prefix}{at + 1}", findings);
        }));
}
