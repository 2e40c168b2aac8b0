using System.Collections.Immutable;
using ActorIpam.Domain.Requests;
using ActorIpam.Engine.Door;

namespace ActorIpam.Conformance.Scenarios;

/// <summary>Whole lists out of the door's pages.</summary>
internal static class Listing
{
    private const int PageSize = 1_000;

    public static async Task<IReadOnlyList<AssignedAddress>> AddressesAsync(IpamDoor door, AddressQuery query)
    {
        var all = new List<AssignedAddress>();
        var next = query with { Limit = PageSize };
        while (true)
        {
            var page = (await door.AddressesAsync(next, CancellationToken.None)).Value;
            all.AddRange(page.Items);
            if (page.Continue is null)
            {
                return all;
            }

            next = next with { Continue = page.Continue };
        }
    }

    public static async Task<ImmutableArray<BlockView>> BlocksAsync(IpamDoor door) =>
        (await door.BlocksAsync(new(null, null), CancellationToken.None)).Value;
}
