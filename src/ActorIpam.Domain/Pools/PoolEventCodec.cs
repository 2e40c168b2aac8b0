using System.Diagnostics;
using System.Text.Json;
using ActorIpam.Domain.Addressing;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Events;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Pools;

/// <summary>The wire names and properties of a pool's events. Additive only; a golden file stands for each.</summary>
public sealed class PoolEventCodec : IEventCodec<PoolEvent>
{
    public static PoolEventCodec Instance { get; } = new();

    public int Schema => 1;

    public string Write(IReadOnlyList<PoolEvent> events) => EventJson.Write(events, WriteOne);

    public IReadOnlyList<PoolEvent> Read(string events, int schema) => EventJson.Read(events, schema, Schema, ReadOne);

    private static void WriteOne(Utf8JsonWriter json, PoolEvent fact)
    {
        var (type, block, owner, why) = fact switch
        {
            PoolEvent.BlockClaimed claimed => ("BlockClaimed", claimed.Block, claimed.Owner.ToString(), claimed.Why),
            PoolEvent.BlockGivenBack back => ("BlockGivenBack", back.Block, null, back.Why),
            PoolEvent.BlockOrphaned orphaned => ("BlockOrphaned", orphaned.Block, null, orphaned.Why),
            _ => throw new UnreachableException($"{fact.GetType().Name} has no wire name."),
        };
        json.WriteString("type", type);
        json.WriteString("block", block.ToString());
        json.WriteOptional("owner", owner);
        json.WriteString("why", why);
    }

    private static PoolEvent? ReadOne(string type, JsonElement item) => type switch
    {
        "BlockClaimed" => new PoolEvent.BlockClaimed(Cidr.Parse(item.Needed("block")), Owner.Parse(item.Needed("owner")), item.Needed("why")),
        "BlockGivenBack" => new PoolEvent.BlockGivenBack(Cidr.Parse(item.Needed("block")), item.Needed("why")),
        "BlockOrphaned" => new PoolEvent.BlockOrphaned(Cidr.Parse(item.Needed("block")), item.Needed("why")),
        _ => null,
    };
}
