using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Server.Api.Patching;

/// <summary>A change of a stored resource, in one of the languages for it.</summary>
internal abstract record Patch
{
    private const string MergeType = "application/merge-patch+json", JsonType = "application/json-patch+json", ApplyType = "application/apply-patch+yaml";

    private static readonly ImmutableArray<string> Types = [MergeType, JsonType, ApplyType];

    private Patch() { }

    /// <summary>A merge patch (RFC 7386).</summary>
    public sealed record Merge(JsonObject Changes) : Patch;

    /// <summary>A JSON patch (RFC 6902).</summary>
    public sealed record Operations(JsonArray Steps) : Patch;

    /// <summary>What should be there: merged into what is stored, or created. Nobody owns fields: what is left out stays.</summary>
    public sealed record Apply(JsonObject Wanted) : Patch;

    /// <summary>True when the author has named the version the patch is meant for.</summary>
    public bool NamesVersion =>
        (this switch { Merge merge => merge.Changes, Apply apply => apply.Wanted, _ => null })?["metadata"] is JsonObject metadata && metadata.ContainsKey("resourceVersion");

    public static async ValueTask<Received<Patch>> ReadAsync(HttpRequest request)
    {
        if (request.WrongType(Types) is { } wrong)
        {
            return request.MediaType() == "application/strategic-merge-patch+json"
                ? wrong with { Message = "Strategic merge patches are not read here, as for any custom resource; use --type=merge or --type=json." }
                : wrong;
        }

        var body = await request.BodyAsync(Limits.LargeBody);
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var read = request.MediaType() == ApplyType ? ResourceBody.YamlNode(body.Value) : ResourceBody.JsonNode(body.Value);
        if (read.IsRefused)
        {
            return RefusalStatus.Of(read.Refusals);
        }

        return (request.MediaType(), read.Value) switch
        {
            (MergeType, JsonObject changes) => new Merge(changes),
            (JsonType, JsonArray steps) => new Operations(steps),
            (ApplyType, JsonObject wanted) => new Apply(wanted),
            (JsonType, _) => RefusalStatus.Of(new Refusal(RefusalCode.Malformed, "A JSON patch must be a list of operations.")),
            _ => RefusalStatus.Of(new Refusal(RefusalCode.Malformed, "A merge patch must be a JSON object.")),
        };
    }

    /// <summary>The stored resource with the patch in it, unless that makes it unreadable or another resource.</summary>
    public Received<Resource> On(Resource stored, FieldValidation validation)
    {
        try
        {
            var given = System.Text.Json.Nodes.JsonNode.Parse(ResourceJson.Write(stored));
            var patched = this switch
            {
                Merge merge => MergePatch.Apply(given, merge.Changes),
                Apply apply => MergePatch.Apply(given, apply.Wanted),
                Operations operations => JsonPatch.Apply(given, operations.Steps),
                _ => throw new InvalidOperationException($"{GetType().Name} changes nothing."),
            };
            return ResourceBody.Read(patched, stored.Kind, stored.Metadata.Name, validation);
        }
        catch (PatchRefusedException refused)
        {
            return RefusalStatus.Of(new Refusal(RefusalCode.Invalid, refused.Message), ResourceKinds.Of(stored.Kind).Name, stored.Metadata.Name);
        }
    }
}
