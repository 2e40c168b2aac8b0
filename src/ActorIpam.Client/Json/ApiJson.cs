using System.Text.Encodings.Web;
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
[JsonSerializable(typeof(GarbageRequest))]
[JsonSerializable(typeof(GarbageAnswer))]
[JsonSerializable(typeof(SplitRequest))]
[JsonSerializable(typeof(SplitAnswer))]
[JsonSerializable(typeof(EnsureBlockRequest))]
[JsonSerializable(typeof(EnsureBlockAnswer))]
[JsonSerializable(typeof(AffinityRequest))]
[JsonSerializable(typeof(AffinityAnswer))]
[JsonSerializable(typeof(AddressView))]
[JsonSerializable(typeof(AddressPage))]
[JsonSerializable(typeof(HeldIntervals))]
[JsonSerializable(typeof(BlockViews))]
[JsonSerializable(typeof(Utilizations))]
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(NodeRouting))]
[JsonSerializable(typeof(RouteEvent))]
[JsonSerializable(typeof(IngestStatus))]
[JsonSerializable(typeof(ActorList))]
[JsonSerializable(typeof(ActorDetail))]
[JsonSerializable(typeof(JournalPage))]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(ClusterMembers))]
[JsonSerializable(typeof(ClusterMember))]
[JsonSerializable(typeof(Shards))]
[JsonSerializable(typeof(MemberFigures))]
[JsonSerializable(typeof(AssignAnswer))]
[JsonSerializable(typeof(SeenRelease))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(TokenGrant))]
[JsonSerializable(typeof(TokenViews))]
[JsonSerializable(typeof(AccessView))]
[JsonSerializable(typeof(Status))]
public sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>The same JSON with quotes and letters of all languages as they are: what is sent and shown. It is not meant to stand inside HTML.</summary>
    public static ApiJson Readable => Lazily.Readable;

    // Apart, because the order in which the static fields of two files are made is nobody's promise.
    private static class Lazily
    {
        public static readonly ApiJson Readable = new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
