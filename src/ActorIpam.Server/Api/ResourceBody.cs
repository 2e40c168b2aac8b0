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
    private static readonly ImmutableArray<string> YamlTypes = ["application/yaml", "application/x-yaml", "text/yaml"];

    private static readonly ImmutableArray<string> BodyTypes = YamlTypes.Insert(0, "application/json");

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = IngestLimits.MaxDepth, AllowDuplicateProperties = false };

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>One resource of the kind the path names.</summary>
    /// <param name="request">The request; its body is read.</param>
    /// <param name="kind">What the path says.</param>
    /// <param name="name">The name the path says; null when it says none.</param>
    /// <param name="validation">What happens to unknown fields.</param>
    public static async ValueTask<Received<Resource>> ReadAsync(HttpRequest request, ResourceKind kind, string? name, FieldValidation validation)
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

        var isYaml = YamlTypes.Contains(request.MediaType());
        if (isYaml && validation.IsStrict)
        {
            // This way what is wrong is told with its line and column.
            var manifest = ReadYaml(body.Value);
            return manifest.IsRefused ? manifest : Fits(manifest.Value, kind, name);
        }

        var node = isYaml ? YamlNode(body.Value) : JsonNode(body.Value);
        return node.IsRefused ? RefusalStatus.Of(node.Refusals) : Read(node.Value, kind, name, validation);
    }

    /// <summary>One resource out of JSON that was read already.</summary>
    public static Received<Resource> Read(JsonNode? body, ResourceKind kind, string? name, FieldValidation validation)
    {
        if (!validation.IsStrict)
        {
            validation.Drop(body, ResourceSchema.Of(kind));
        }

        using var document = JsonDocument.Parse(body?.ToJsonString() ?? "null");
        var read = ResourceJson.Read(document.RootElement);
        return read.IsRefused ? read : Fits(read.Value, kind, name);
    }

    public static Answer<JsonNode?> JsonNode(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return new Refusal(RefusalCode.Malformed, "The request has no body; a resource is expected.");
        }

        try
        {
            return System.Text.Json.Nodes.JsonNode.Parse(utf8.Span, documentOptions: Strict);
        }
        catch (JsonException e)
        {
            return NotJson(e);
        }
    }

    public static Answer<JsonNode?> YamlNode(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return Manifests.ReadAny("body", StrictUtf8.GetString(utf8.Span), out var problem) is { } read
                ? System.Text.Json.Nodes.JsonNode.Parse(read.GetRawText())
                : new Refusal(RefusalCode.Malformed, problem!.ToString());
        }
        catch (DecoderFallbackException)
        {
            return new Refusal(RefusalCode.Malformed, "The body is not text in UTF-8.");
        }
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
