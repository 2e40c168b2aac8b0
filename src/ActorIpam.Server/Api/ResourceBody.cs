using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorIpam.Client.Answers;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;
using ActorIpam.Ingest;

namespace ActorIpam.Server.Api;

/// <summary>Reads a definition out of a request, in JSON or YAML, strictly.</summary>
internal static class ResourceBody
{
    public const string PatchType = "application/merge-patch+json";

    private static readonly ImmutableArray<string> YamlTypes = ["application/yaml", "application/x-yaml", "text/yaml"];

    private static readonly ImmutableArray<string> BodyTypes = YamlTypes.Insert(0, "application/json");

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = IngestLimits.MaxDepth, AllowDuplicateProperties = false };

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>One resource of the kind the path names.</summary>
    /// <param name="request">The request; its body is read.</param>
    /// <param name="kind">What the path says.</param>
    /// <param name="name">The name the path says; null when it says none.</param>
    public static async ValueTask<Received<Resource>> ReadAsync(HttpRequest request, ResourceKind kind, string? name)
    {
        if (request.WrongType(BodyTypes) is { } wrong)
        {
            return wrong;
        }

        var body = await request.BodyAsync(Limits.LargeBody);
        if (body.Problem is { } problem)
        {
            return problem;
        }

        var read = YamlTypes.Contains(request.MediaType()) ? ReadYaml(body.Value) : ReadJson(body.Value);
        return read.IsRefused ? read : Fits(read.Value, kind, name);
    }

    /// <summary>A merge patch: any JSON object.</summary>
    public static async ValueTask<Received<JsonObject>> ReadPatchAsync(HttpRequest request)
    {
        if (request.WrongType(PatchType) is { } wrong)
        {
            return wrong;
        }

        var body = await request.BodyAsync(Limits.LargeBody);
        if (body.Problem is { } problem)
        {
            return problem;
        }

        try
        {
            return JsonNode.Parse(body.Value.Span, documentOptions: Strict) is JsonObject patch
                ? patch
                : RefusalStatus.Of(new Refusal(RefusalCode.Malformed, "A merge patch must be a JSON object."));
        }
        catch (JsonException e)
        {
            return RefusalStatus.Of(NotJson(e));
        }
    }

    /// <summary>The stored resource with the patch in it, unless that makes it unreadable or another resource.</summary>
    public static Received<Resource> Patched(Resource stored, JsonObject patch)
    {
        var merged = MergePatch.Apply(JsonNode.Parse(ResourceJson.Write(stored)), patch);
        using var document = JsonDocument.Parse(merged!.ToJsonString());
        var read = ResourceJson.Read(document.RootElement);
        return read.IsRefused ? read : Fits(read.Value, stored.Kind, stored.Metadata.Name);
    }

    private static Received<Resource> Fits(Resource resource, ResourceKind kind, string? name)
    {
        if (resource.Kind != kind)
        {
            return Refused("kind", $"kind {ResourceKinds.Of(resource.Kind).Name} does not belong here; this is the path of {ResourceKinds.Of(kind).Name}.");
        }

        return name is null || resource.Metadata.Name == name
            ? resource
            : Refused("metadata.name", $"metadata.name '{resource.Metadata.Name}' is not the name in the path, '{name}'.");
    }

    private static Status Refused(string field, string message) => RefusalStatus.Of(new Refusal(RefusalCode.Malformed, message, field));

    private static Answer<Resource> ReadJson(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return new Refusal(RefusalCode.Malformed, "The request has no body; a resource is expected.");
        }

        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            return ResourceJson.Read(document.RootElement);
        }
        catch (JsonException e)
        {
            return NotJson(e);
        }
    }

    private static Answer<Resource> ReadYaml(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            var read = Manifests.Read("body", StrictUtf8.GetString(utf8.Span));
            return read switch
            {
                { IsBroken: true } => read.Problems.Select(p => new Refusal(RefusalCode.Malformed, p.ToString(), p.Field)).ToImmutableArray(),
                { Resources: [var one] } => one.Resource,
                _ => new Refusal(RefusalCode.Malformed, $"The body must hold one resource, not {read.Resources.Length}."),
            };
        }
        catch (DecoderFallbackException)
        {
            return new Refusal(RefusalCode.Malformed, "The body is not text in UTF-8.");
        }
    }

    private static Refusal NotJson(JsonException e) =>
        new(RefusalCode.Malformed, $"The body is not readable JSON (line {e.LineNumber + 1}): {e.Message.Split(" LineNumber:")[0]}");
}
