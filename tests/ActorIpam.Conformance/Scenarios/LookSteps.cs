using ActorIpam.Conformance.Rules;
using ActorIpam.Domain;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Conformance.Scenarios;

/// <summary>Steps that only look.</summary>
internal static class LookSteps
{
    public static async Task RememberSeqAsync(Step step)
    {
        var answer = await step.Door.AddressAsync(step.Saved.One(step.Fields.Get("ip")), CancellationToken.None);
        if (step.Expect.Outcome(answer))
        {
            // An address nobody holds has no generation; no holder ever gets 0.
            step.Saved.Keep(step.Fields.Text("save"), answer.Value.Assignment?.Generation ?? 0);
        }
    }

    public static async Task IpsByHandleAsync(Step step)
    {
        var held = await Listing.AddressesAsync(step.Door, new() { Handle = step.Fields.Text("handle") });
        var unknown = new Refusal(RefusalCode.NotFound, "no address has this handle.");
        if (step.Expect.Fields?.Find("error") is not null)
        {
            step.Expect.Outcome(held.Count == 0 ? [unknown] : []);
        }

        step.Expect.Number("count", held.Count);
    }

    public static async Task UtilizationAsync(Step step)
    {
        var answer = await step.Door.UtilizationAsync(step.Fields.TextOrNull("pool"), blocks: true, CancellationToken.None);
        if (!step.Expect.Outcome(answer))
        {
            return;
        }

        if (answer.Value is not [var pool])
        {
            step.Expect.Findings.Add($"expected the figures of one pool, got {answer.Value.Length}");
            return;
        }

        if (step.Expect.Fields?.Find("pool") is { } figures)
        {
            step.Expect.Findings.Sequence("pool", figures.List().Select(ReservationCases.Count), FiguresOf(pool));
        }

        if (step.Expect.Fields?.Find("blocks") is { } blocks)
        {
            step.Expect.Findings.Bag(
                "blocks",
                blocks.List().Select(block => block.List()).Select(block => Line(block[0].Text(), block.Skip(1).Select(ReservationCases.Count))),
                pool.Blocks.Select(block => Line(block.Cidr, FiguresOf(block))));
        }
    }

    private static IEnumerable<long> FiguresOf(Utilization use) => [use.Capacity, use.InUse, use.Reserved, use.Available];

    private static string Line(string cidr, IEnumerable<long> figures) => $"{cidr} {string.Join(' ', figures)}";
}
