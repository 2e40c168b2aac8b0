using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace ActorIpam.Client.Answers;

/// <summary>Why a call failed, in the shape of a Kubernetes <c>Status</c> object (api.md §2).</summary>
public sealed record Status
{
    public string Kind { get; init; } = "Status";

    public string ApiVersion { get; init; } = "v1";

    /// <summary>Always an empty object: clients in the Kubernetes style expect it.</summary>
    public StatusMetadata Metadata { get; init; } = new();

    /// <summary><c>Failure</c>, or <c>Success</c> for the answer of a delete.</summary>
    [JsonPropertyName("status")]
    public string Result { get; init; } = "Failure";

    /// <summary>The sentence for people.</summary>
    public string Message { get; init; } = "";

    /// <summary>The machine's word for the HTTP code, such as <c>NotFound</c>, <c>Conflict</c>, <c>Invalid</c>.</summary>
    public string? Reason { get; init; }

    public StatusDetails? Details { get; init; }

    /// <summary>The HTTP code.</summary>
    public int Code { get; init; }
}

/// <summary>The metadata of an object that has none.</summary>
public sealed record StatusMetadata;

/// <summary>What the failed call was about and every reason it failed.</summary>
public sealed record StatusDetails
{
    public string? Name { get; init; }

    public string? Group { get; init; }

    public string? Kind { get; init; }

    public string? Uid { get; init; }

    public ImmutableArray<StatusCause>? Causes { get; init; }

    /// <summary>When to try again, in seconds; null when trying again will not help.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>What led to it, a line each: which pools and blocks were ruled out, and why; null when the message says all.</summary>
    public ImmutableArray<string>? Explanation { get; init; }
}

/// <param name="Reason">The refusal's code in CamelCase, such as <c>CidrNotMasked</c>.</param>
/// <param name="Message">The sentence for people.</param>
/// <param name="Field">The path of the field, or null.</param>
public sealed record StatusCause(string Reason, string Message, string? Field);
