using System.Collections.Immutable;
using System.Text.Json;
using ActorIpam.EventSourcing;
using static ActorIpam.Domain.Views.IpamViewChange;

namespace ActorIpam.Storage.Postgres;

/// <summary>What a repair tells anew of histories, as <c>write_retold</c> reads it; left out where there is nothing.</summary>
internal static class RetoldDocument
{
    public static void Write(Utf8JsonWriter json, ImmutableArray<ViewChange> changes)
    {
        if (!changes.Any(static change => change is HoldingRetold or BlockRetold or ResourceRetold))
        {
            return;
        }

        json.WriteStartObject("retold");
        BatchDocument.List(json, "holdings", changes.OfType<HoldingRetold>(), retold =>
        {
            json.WriteString("ip", retold.Ip.ToString());
            json.WriteNumber("generation", retold.Generation);
            if (retold.Row is { } row)
            {
                BatchDocument.WriteHeld(json, row.Held);
                json.WriteString("pool", row.Pool);
                BatchDocument.Write(json, "released_at", row.ReleasedAt);
                json.WriteString("why", row.Why);
            }
        });
        BatchDocument.List(json, "blocks", changes.OfType<BlockRetold>(), retold =>
        {
            json.WriteString("cidr", retold.Block.ToString());
            json.WriteNumber("version", retold.From);
        });
        BatchDocument.List(json, "owners", changes.OfType<BlockRetold>().SelectMany(static retold => retold.Rows), row =>
        {
            json.WriteString("cidr", row.Block.ToString());
            json.WriteNumber("version", row.Version);
            json.WriteString("pool", row.Pool);
            json.WriteString("owner", row.Owner?.ToString());
            BatchDocument.Write(json, "from_at", row.From);
            BatchDocument.Write(json, "to_at", row.To);
            json.WriteString("why", row.Why);
            json.WriteString("ended", row.Ended);
        });
        BatchDocument.List(json, "resources", changes.OfType<ResourceRetold>(), retold =>
        {
            json.WriteString("kind", retold.Kind);
            json.WriteString("name", retold.Name);
        });
        BatchDocument.List(json, "states", changes.OfType<ResourceRetold>().SelectMany(static retold => retold.Rows), state =>
        {
            json.WriteString("kind", state.Row.Kind);
            json.WriteString("name", state.Row.Name);
            json.WriteString("uid", state.Row.Uid);
            json.WriteNumber("version", state.Row.ResourceVersion);
            json.WriteString("body", state.Row.Body);
            BatchDocument.Write(json, "from_at", state.From);
            BatchDocument.Write(json, "to_at", state.To);
        });
        json.WriteEndObject();
    }
}
