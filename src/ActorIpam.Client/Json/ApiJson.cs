using System.Text.Json;
using System.Text.Json.Serialization;
using ActorIpam.Client.Answers;
using ActorIpam.Domain.Requests;

namespace ActorIpam.Client.Json;

/// <summary>The JSON of api.md §3: camelCase, nulls left out, codes as words. Made at compile time, so that it also works ahead of time.</summary>
/// <remarks>Answers are read leniently (a newer member may say more); requests are read by <see cref="RequestBody"/>, which refuses what it does not know.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AssignRequest))]
[JsonSerializable(typeof(AssignReply))]
[JsonSerializable(typeof(AssignIpRequest))]
[JsonSerializable(typeof(AssignedAddress))]
[JsonSerializable(typeof(ReleaseRequest))]
[JsonSerializable(typeof(ReleaseAnswer))]
[JsonSerializable(typeof(ReleaseHandleRequest))]
[JsonSerializable(typeof(ReleaseHandleAnswer))]
[JsonSerializable(typeof(EnsureBlockRequest))]
[JsonSerializable(typeof(EnsureBlockAnswer))]
[JsonSerializable(typeof(AffinityRequest))]
[JsonSerializable(typeof(AffinityAnswer))]
[JsonSerializable(typeof(AddressView))]
[JsonSerializable(typeof(AddressPage))]
[JsonSerializable(typeof(HeldIntervals))]
[JsonSerializable(typeof(BlockViews))]
[JsonSerializable(typeof(Utilizations))]
[JsonSerializable(typeof(Status))]
public sealed partial class ApiJson : JsonSerializerContext;
