using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Client.Json;

/// <summary>The JSON of recoveries: by the rules of <see cref="ApiJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(RecoveryReport))]
[JsonSerializable(typeof(RecoveryReportAnswer))]
[JsonSerializable(typeof(RecoveryEnd))]
[JsonSerializable(typeof(RecoveryView))]
public sealed partial class RecoveryJson : JsonSerializerContext
{
    /// <inheritdoc cref="ApiJson.Readable"/>
    public static RecoveryJson Readable => Lazily.Readable;

    private static class Lazily
    {
        public static readonly RecoveryJson Readable = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
