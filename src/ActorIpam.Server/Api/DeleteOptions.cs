using System.Text.Json;
using System.Text.Json.Serialization;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain;

namespace ActorIpam.Server.Api;

/// <summary>The optional body of a DELETE, as Kubernetes clients send it.</summary>
internal sealed record DeleteOptions
{
    public string? Kind { get; init; }

    public string? ApiVersion { get; init; }

    public DeletePreconditions? Preconditions { get; init; }

    public string[]? DryRun { get; init; }

    /// <summary>Accepted and without effect: nothing depends on these resources.</summary>
    public string? PropagationPolicy { get; init; }

    /// <summary>Accepted and without effect: there is nothing to wait for.</summary>
    public long? GracePeriodSeconds { get; init; }

    public bool IsDryRun => DryRun is ["All"];

    public static async ValueTask<Received<DeleteOptions>> ReadAsync(HttpRequest request)
    {
        var body = await request.BodyAsync(Limits.SmallBody);
        if (body.Problem is { } problem)
        {
            return problem;
        }

        if (body.Value.IsEmpty)
        {
            return new DeleteOptions();
        }

        return request.WrongType("application/json") is { } wrong ? wrong : Checked(RequestBody.Read(body.Value, DeleteJson.Default.DeleteOptions));
    }

    private static Received<DeleteOptions> Checked(Answer<DeleteOptions> read) =>
        !read.IsRefused && read.Value.DryRun is { Length: > 0 } && !read.Value.IsDryRun
            ? RefusalStatus.Of(new Refusal(RefusalCode.WrongType, "dryRun must be [\"All\"].", "dryRun"))
            : read;
}

/// <summary>What must still be true of a resource that is to be deleted.</summary>
internal sealed record DeletePreconditions(string? ResourceVersion, string? Uid);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeleteOptions))]
internal sealed partial class DeleteJson : JsonSerializerContext;
