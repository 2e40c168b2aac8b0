using System.Text.Json;
using ActorIpam.Domain.Events;

namespace ActorIpam.Domain.Blocks;

/// <summary>The grounds of the assignments in one row of the journal: what several have in common is written with the first of them.</summary>
/// <remarks>An assignment without the property rests on the same grounds as the one before it in the row; <c>null</c> says that it has none.</remarks>
internal sealed class GroundsJson
{
    private Grounds? _last;

    public void Write(Utf8JsonWriter json, Grounds? grounds)
    {
        if (grounds == _last)
        {
            return;
        }

        _last = grounds;
        if (grounds is null)
        {
            json.WriteNull("grounds");
            return;
        }

        json.WriteStartObject("grounds");
        json.WriteNumber("catalog", grounds.Catalog);
        json.WriteOptional("from", grounds.From?.ToString());
        if (grounds.Blocks is { } blocks)
        {
            json.WriteNumber("blocks", blocks);
        }

        json.WriteNumber("free", grounds.Free);
        json.WriteEndObject();
    }

    public Grounds? Read(JsonElement item)
    {
        if (item.TryGetProperty("grounds", out var given))
        {
            _last = given.ValueKind == JsonValueKind.Null ? null : new(
                given.GetProperty("catalog").GetInt64(),
                given.Text("from") is { } from ? Owner.Parse(from) : null,
                given.TryGetProperty("blocks", out var blocks) ? blocks.GetInt32() : null,
                given.GetProperty("free").GetInt32());
        }

        return _last;
    }
}
