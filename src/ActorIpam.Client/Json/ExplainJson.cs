using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Client.Json;

/// <summary>The JSON of what explains, rehearses, checks and repairs: by the rules of <see cref="ApiJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ExplainAnswer))]
[JsonSerializable(typeof(ExplainQuery))]
[JsonSerializable(typeof(CheckLine))]
[JsonSerializable(typeof(RepairRequest))]
[JsonSerializable(typeof(RepairReport))]
[JsonSerializable(typeof(ImpactReport))]
public sealed partial class ExplainJson : JsonSerializerContext
{
    /// <inheritdoc cref="ApiJson.Readable"/>
    public static ExplainJson Readable => Lazily.Readable;

    private static class Lazily
    {
        public static readonly ExplainJson Readable = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
