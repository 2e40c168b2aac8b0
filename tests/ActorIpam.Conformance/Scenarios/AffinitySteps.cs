namespace ActorIpam.Conformance.Scenarios;

/// <summary>Steps that tie blocks to hosts and untie them.</summary>
internal static class AffinitySteps
{
    public static async Task ClaimAsync(Step step)
    {
        var answer = await step.Door.ClaimAffinityAsync(
            new() { Host = step.Fields.TextOrNull("node"), Cidr = step.Fields.TextOrNull("cidr") }, CancellationToken.None);
        var given = step.Expect.Outcome(answer) ? answer.Value : new();
        step.Expect.Number("claimed", given.Claimed.Length);
        step.Expect.Number("failed", given.Failed.Length);
    }

    public static async Task ReleaseAsync(Step step)
    {
        var answer = await step.Door.ReleaseAffinityAsync(
            new()
            {
                Host = step.Fields.TextOrNull("node"),
                Cidr = step.Fields.TextOrNull("cidr"),
                MustBeEmpty = step.Fields.Flag("must_be_empty", false),
            },
            CancellationToken.None);
        step.Expect.Outcome(answer);
    }

    public static async Task ReleaseHostAsync(Step step)
    {
        var mustBeEmpty = step.Fields.Flag("must_be_empty", false);
        step.Expect.Outcome(await step.Door.ReleaseHostAffinitiesAsync(step.Fields.Text("node"), mustBeEmpty, CancellationToken.None));
    }

    public static async Task ReleasePoolAsync(Step step) =>
        step.Expect.Outcome(await step.Door.ReleasePoolAffinitiesAsync(step.Fields.Text("cidr"), CancellationToken.None));
}
