using System.Text.Json;
using ActorIpam.Domain.Blocks;
using ActorIpam.Domain.Events;
using ActorIpam.Domain.Resources;
using ActorIpam.EventSourcing;

namespace ActorIpam.Domain.Catalog;

/// <summary>Catalog events as JSON: <c>{"type": "ResourceCreated", "resource": {…}}</c>, <c>ResourceUpdated</c>, <c>ResourceDeleted</c>, <c>RecoveryBegun</c>, <c>HolderReported</c>, <c>RecoveryEnded</c>.</summary>
/// <remarks>The names and fields are a format that journals keep for ever; golden files hold it.</remarks>
public sealed class CatalogEventCodec : IEventCodec<CatalogEvent>
{
    private const string CreatedType = "ResourceCreated";
    private const string UpdatedType = "ResourceUpdated";
    private const string DeletedType = "ResourceDeleted";
    private const string BegunType = "RecoveryBegun";
    private const string ReportedType = "HolderReported";
    private const string EndedType = "RecoveryEnded";

    public int Schema => 1;

    public string Write(IReadOnlyList<CatalogEvent> events) => EventJson.Write(events, WriteBody);

    public IReadOnlyList<CatalogEvent> Read(string events, int schema) => EventJson.Read(events, schema, Schema, ReadOne);

    private static void WriteBody(Utf8JsonWriter json, CatalogEvent fact)
    {
        switch (fact)
        {
            case CatalogEvent.Created created:
                WriteResource(json, CreatedType, created.Resource);
                break;
            case CatalogEvent.Updated updated:
                WriteResource(json, UpdatedType, updated.Resource);
                break;
            case CatalogEvent.Deleted deleted:
                json.WriteString("type", DeletedType);
                json.WriteString("kind", ResourceKinds.Of(deleted.Kind).Name);
                json.WriteString("name", deleted.Name);
                json.WriteString("uid", deleted.Uid);
                break;
            case CatalogEvent.RecoveryBegun begun:
                json.WriteString("type", BegunType);
                json.WriteString("takenAt", begun.TakenAt);
                json.WriteString("at", begun.At);
                break;
            case CatalogEvent.HolderReported reported:
                json.WriteString("type", ReportedType);
                json.WriteString("holder", reported.Holder.ToString());
                json.WriteString("at", reported.At);
                break;
            case CatalogEvent.RecoveryEnded ended:
                json.WriteString("type", EndedType);
                json.WriteString("at", ended.At);
                json.WriteNumber("lost", ended.Lost);
                break;
            default:
                throw new InvariantViolationException("catalog", $"{fact.GetType().Name} has no wire name");
        }
    }

    private static void WriteResource(Utf8JsonWriter json, string type, Resource resource)
    {
        json.WriteString("type", type);
        json.WritePropertyName("resource");
        ResourceJson.Write(json, resource);
    }

    private static CatalogEvent? ReadOne(string type, JsonElement json) => type switch
    {
        CreatedType => new CatalogEvent.Created(ReadResource(json)),
        UpdatedType => new CatalogEvent.Updated(ReadResource(json)),
        DeletedType => new CatalogEvent.Deleted(ReadKind(json), Text(json, "name"), Text(json, "uid")),
        BegunType => new CatalogEvent.RecoveryBegun(json.GetProperty("takenAt").GetDateTimeOffset(), json.GetProperty("at").GetDateTimeOffset()),
        ReportedType => new CatalogEvent.HolderReported(Owner.Parse(Text(json, "holder")), json.GetProperty("at").GetDateTimeOffset()),
        EndedType => new CatalogEvent.RecoveryEnded(json.GetProperty("at").GetDateTimeOffset(), json.GetProperty("lost").GetInt32()),
        _ => null,
    };

    private static Resource ReadResource(JsonElement json)
    {
        var answer = ResourceJson.Read(json.GetProperty("resource"));
        return answer.IsRefused ? throw new UnreadableEventException($"A stored resource cannot be read: {answer.Refusals[0].Message}") : answer.Value;
    }

    private static ResourceKind ReadKind(JsonElement json)
    {
        var name = Text(json, "kind");
        return ResourceKinds.TryFindExact(name, out var kind) ? kind : throw new UnreadableEventException($"The kind '{name}' is not known here.");
    }

    private static string Text(JsonElement json, string field) =>
        json.GetProperty(field).GetString() ?? throw new UnreadableEventException($"An event has no {field}.");
}
