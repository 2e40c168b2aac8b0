using System.Collections.Immutable;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Requests;
using ActorIpam.Domain.Views;

namespace ActorIpam.Engine.Checking;

/// <summary>Replays the journal beside the views of a live system, without a lock, and says where they disagree.</summary>
/// <remarks>
/// What moves while it is looked at is looked at again: a difference counts only when the versions on both sides agree. Orphans that no row shows
/// are found by their addresses only, since nothing else names them.
/// </remarks>
internal sealed class Checker(MemberPorts ports)
{
    private const int PerPage = 1000;

    public async Task<CheckReport> RunAsync(CancellationToken cancellation)
    {
        var findings = new Findings();
        var catalog = await new CatalogCheck(ports, findings).RunAsync(cancellation);
        if (catalog is null)
        {
            return findings.Report;
        }

        var blocks = new BlockCheck(ports, findings);
        var known = new HashSet<Cidr>();
        await foreach (var row in BlocksAsync(cancellation))
        {
            known.Add(row.Block);
            await blocks.RunAsync(row.Block, cancellation);
        }

        foreach (var pool in catalog.Pools)
        {
            await new PoolCheck(ports, findings).RunAsync(pool, cancellation);
        }

        await LookForStraysAsync(known, findings, cancellation);
        return findings.Report;
    }

    private async IAsyncEnumerable<BlockRow> BlocksAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        ImmutableArray<BlockRow> page = [];
        do
        {
            page = await ports.Views.BlocksInAsync(null, PerPage, page.IsEmpty ? null : page[^1].Block, cancellation);
            foreach (var row in page)
            {
                yield return row;
            }
        }
        while (page.Length == PerPage);
    }

    private async Task LookForStraysAsync(HashSet<Cidr> known, Findings findings, CancellationToken cancellation)
    {
        Page<AddressRow>? page = null;
        do
        {
            page = await ports.Views.FindAddressesAsync(new() { Limit = PerPage, After = page?.Items[^1].Ip }, cancellation);
            foreach (var row in page.Items.Where(row => !known.Contains(row.Block)))
            {
                // A block that was opened since we looked is no stray's home.
                if (await ports.Views.BlockAsync(row.Block, cancellation) is null && await ports.Views.AddressAsync(row.Ip, cancellation) == row)
                {
                    findings.Add(CheckKind.AddressStray, row.Ip.ToString(), $"It is held by {row.Handle ?? row.Holder.Name}, and its block {row.Block} does not exist.");
                }
            }
        }
        while (page.More);
    }
}

/// <summary>Gathers what is found.</summary>
internal sealed class Findings
{
    private readonly ImmutableArray<CheckProblem>.Builder _problems = ImmutableArray.CreateBuilder<CheckProblem>();
    private CheckReport _counts = new();

    public CheckReport Report => _counts with { Problems = _problems.ToImmutable() };

    public void Add(CheckKind kind, string subject, string message) => _problems.Add(new(kind, subject, message));

    public void Count(int resources = 0, int pools = 0, int blocks = 0, int addresses = 0) => _counts = _counts with
    {
        Resources = _counts.Resources + resources,
        Pools = _counts.Pools + pools,
        Blocks = _counts.Blocks + blocks,
        Addresses = _counts.Addresses + addresses,
    };
}
