using ActorIpam.Conformance.Rules;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Conformance.Scenarios;

/// <summary>Steps that change what users define.</summary>
internal static class ResourceSteps
{
    public static async Task ApplyPoolAsync(Step step) =>
        step.Expect.Outcome(await step.World.ApplyAsync(ResourceKind.IPPool, Manifest.PoolOf(step.Fields.Get("pool"))));

    public static async Task UpdatePoolAsync(Step step)
    {
        var changed = step.World.Written(ResourceKind.IPPool, Manifest.PoolName(step.Fields.Text("pool")));
        foreach (var (name, value) in step.Fields.Get("set").Map().Take())
        {
            changed[name] = value.Json();
        }

        step.Expect.Outcome(await step.World.ApplyAsync(ResourceKind.IPPool, changed));
    }

    public static async Task DeletePoolAsync(Step step)
    {
        var name = Manifest.PoolName(step.Fields.Text("pool"));
        step.Expect.Outcome(await step.Door.DeleteAsync(ResourceKind.IPPool, name, null, dryRun: false, CancellationToken.None));
    }

    /// <summary>Changes the given fields and leaves the others, under the rules of the setter (semantics.md §11).</summary>
    public static async Task SetConfigAsync(Step step) =>
        step.Expect.Outcome(await step.World.ConfigureAsync(step.Fields.Get("config"), asSetter: true));

    public static async Task SetReservationsAsync(Step step) =>
        step.Expect.Outcome(await step.World.ReserveAsync(step.Texts("cidrs")));

    public static async Task SetNodeLabelsAsync(Step step) =>
        step.Expect.Outcome(await step.World.ApplyAsync(ResourceKind.Node, Manifest.NodeOf(step.Fields.Text("node"), step.Fields.Get("labels"))));
}
