using System.Collections.Immutable;
using System.Text.Json;
using ActorIpam.EventSourcing;
using static ActorIpam.Domain.Views.IpamViewChange;

namespace ActorIpam.Storage.Postgres;

/// <summary>What a unit changes in the histories, as members of its object in a <see cref="BatchDocument"/>.</summary>
internal static class HistoryDocument
{
    public static void Write(Utf8JsonWriter json, ImmutableArray<ViewChange> changes)
    {
        WriteWhatEnds(json, changes);
        WriteRetold(json, changes);
    }

    private static void WriteWhatEnds(Utf8JsonWriter json, ImmutableArray<ViewChange> changes)
    {
        json.WriteList("passed", changes.OfType<BlockPassed>(), passed =>
        {
            json.WriteString("cidr", passed.Block.ToString());
            json.WriteTime("at", passed.At);
            json.WriteString("ended", passed.Ended);
            if (passed.Begins is { } row)
            {
                json.WriteNumber("version", row.Version);
                json.WriteString("pool", row.Pool);
                json.WriteString("owner", row.Owner?.ToString());
                json.WriteString("why", row.Why);
            }
        });
        json.WriteList("redacted", changes.OfType<AttributesRedacted>(), redacted =>
        {
            json.WriteString("ip", redacted.Ip.ToString());
            json.WriteNumber("generation", redacted.Generation);
        });
        if (changes.OfType<HistoryForgotten>().SingleOrDefault() is { } forgotten)
        {
            json.WriteStartObject("cut");
            json.WriteTime("before", forgotten.Before);
            json.WriteNumber("most", forgotten.Most);
            json.WriteEndObject();
        }
    }

    private static void WriteRetold(Utf8JsonWriter json, ImmutableArray<ViewChange> changes)
    {
        if (!changes.Any(static change => change is HoldingRetold or BlockRetold or ResourceRetold))
        {
            return;
        }

        json.WriteStartObject("retold");
        json.WriteList("holdings", changes.OfType<HoldingRetold>(), retold =>
        {
            json.WriteString("ip", retold.Ip.ToString());
            json.WriteNumber("generation", retold.Generation);
            if (retold.Row is { } row)
            {
                json.WriteHeld(row.Held);
                json.WriteString("pool", row.Pool);
                json.WriteTime("released_at", row.ReleasedAt);
                json.WriteString("why", row.Why);
            }
        });
        json.WriteList("blocks", changes.OfType<BlockRetold>(), retold =>
        {
            json.WriteString("cidr", retold.Block.ToString());
            json.WriteNumber("version", retold.From);
        });
        json.WriteList("owners", changes.OfType<BlockRetold>().SelectMany(static retold => retold.Rows), row =>
        {
            json.WriteString("cidr", row.Block.ToString());
            json.WriteNumber("version", row.Version);
            json.WriteString("pool", row.Pool);
            json.WriteString("owner", row.Owner?.ToString());
            json.WriteTime("from_at", row.From);
            json.WriteTime("to_at", row.To);
            json.WriteString("why", row.Why);
            json.WriteString("ended", row.Ended);
        });
        json.WriteList("resources", changes.OfType<ResourceRetold>(), retold =>
        {
            json.WriteString("kind", retold.Kind);
            json.WriteString("name", retold.Name);
        });
        json.WriteList("states", changes.OfType<ResourceRetold>().SelectMany(static retold => retold.Rows), state =>
        {
            json.WriteString("kind", state.Row.Kind);
            json.WriteString("name", state.Row.Name);
            json.WriteString("uid", state.Row.Uid);
            json.WriteNumber("version", state.Row.ResourceVersion);
            json.WriteString("body", state.Row.Body);
            json.WriteTime("from_at", state.From);
            json.WriteTime("to_at", state.To);
        });
        json.WriteEndObject();
    }
}
