using System.Text.Json.Nodes;
using ActorIpam.Conformance.Cases;
using ActorIpam.Conformance.Rules;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Conformance.Scenarios;

/// <summary>The setup of a scenario: configuration, reservations, nodes and pools.</summary>
internal sealed class Setup(World world, Findings findings)
{
    /// <summary>Refusals that validation gives for a selector; a scenario whose setup has such a pool is about data written around it.</summary>
    private static readonly RefusalCode[] OfSelectors = [RefusalCode.NodeSelectorSyntax, RefusalCode.NamespaceSelectorSyntax];

    public async Task PrepareAsync(Fields setup)
    {
        if (setup.Find("config") is { } config)
        {
            Must("config", await world.ConfigureAsync(config, asSetter: false));
        }

        if (setup.Find("reservations") is { } reservations)
        {
            Must("reservations", await world.ReserveAsync(reservations.Texts()));
        }

        foreach (var (name, labels) in setup.Find("nodes")?.Map().Take() ?? [])
        {
            Must(name, await world.ApplyAsync(ResourceKind.Node, Manifest.NodeOf(name, labels)));
        }

        foreach (var pool in setup.Find("pools")?.List() ?? [])
        {
            await PoolAsync(Manifest.PoolOf(pool));
        }

        setup.NoOthers();
    }

    private async Task PoolAsync(JsonObject pool)
    {
        var answer = await world.ApplyAsync(ResourceKind.IPPool, pool);
        if (answer.IsRefused && answer.Refusals.All(refusal => OfSelectors.Contains(refusal.Code)))
        {
            await world.StoreAroundAsync(pool);
        }
        else
        {
            Must(pool["name"]!.GetValue<string>(), answer);
        }
    }

    private void Must(string what, Answer<Resource> answer)
    {
        if (answer.IsRefused)
        {
            findings.Add($"{what} is refused: {ReasonCodes.List(answer.Refusals.Select(refusal => refusal.Code))} ({answer.Refusals[0].Message})");
        }
    }
}
