using System.Text.Json;
using ActorIpam.Client.Http;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Bench;

/// <summary>The pool and the nodes of a measurement: made before it, taken away after it.</summary>
internal sealed class Stage(IpamClient client, BenchPlan plan)
{
    private const int AtOnce = 8, AddressesPerCall = 256;

    public async Task SetUpAsync(CancellationToken cancellation)
    {
        await Parallel.ForAsync(0, plan.Hosts, cancellation, async (host, token) => await CreateAsync(
            $$$"""{"apiVersion":"{{{ResourceKinds.ApiVersion}}}","kind":"Node","metadata":{"name":"{{{plan.Host(host)}}}"},"spec":{}}""", token));
        await CreateAsync(
            $$$"""{"apiVersion":"{{{ResourceKinds.ApiVersion}}}","kind":"IPPool","metadata":{"name":"{{{plan.Name}}}"},"spec":{"cidr":"{{{plan.Pool}}}","blockSize":{{{plan.BlockSize}}},"assignmentMode":"Manual","allowedUses":["Workload"]}}""",
            cancellation);
    }

    /// <summary>Releases what is still held, and takes blocks, pool and nodes away. What is not there any more is no trouble.</summary>
    public async Task CleanUpAsync(IReadOnlyCollection<BenchClient> clients, CancellationToken cancellation)
    {
        var gentle = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(clients.SelectMany(static one => one.Holdings.Chunk(AddressesPerCall)), gentle, async (held, token) =>
            await client.Addresses.ReleaseAsync(new() { Addresses = [.. held.Select(static one => new ReleaseEntry(one.Address, one.Handle))] }, token));
        await Parallel.ForEachAsync(clients.SelectMany(static one => one.Doubtful), gentle, async (handle, token) => await ReleaseAsync(handle, token));
        await Parallel.ForAsync(0, plan.Hosts, gentle, async (host, token) => await client.Blocks.ReleaseHostAsync(plan.Host(host), mustBeEmpty: false, token));
        await DeleteAsync(ResourceKind.IPPool, plan.Name, cancellation);
        await Parallel.ForAsync(0, plan.Hosts, gentle, async (host, token) => await DeleteAsync(ResourceKind.Node, plan.Host(host), token));
    }

    private async Task CreateAsync(string text, CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(text);
        await client.Resources.CreateAsync(ResourceJson.Read(document.RootElement).Value, cancellation: cancellation);
    }

    private async Task ReleaseAsync(string handle, CancellationToken cancellation)
    {
        try
        {
            await client.Addresses.ReleaseHandleAsync(new() { Handle = handle }, cancellation);
        }
        catch (ApiException gone) when (gone.Status.Code == 404)
        {
            // The request that was doubtful was not done, or its release was.
        }
    }

    private async Task DeleteAsync(ResourceKind kind, string name, CancellationToken cancellation)
    {
        try
        {
            await client.Resources.DeleteAsync(kind, name, cancellation: cancellation);
        }
        catch (ApiException gone) when (gone.Status.Code == 404)
        {
            // It was never made, or somebody was faster.
        }
    }
}
