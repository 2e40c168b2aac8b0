using ActorIpam.Client.Answers;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Server.Api.Selecting;

/// <summary>Which resources of a kind a list or a watch is about.</summary>
/// <param name="Labels">What their labels must be.</param>
/// <param name="Name">The only name; null for any.</param>
internal sealed record Selection(LabelSelector Labels, string? Name)
{
    private const string NameField = "metadata.name";

    public static Received<Selection> Of(HttpRequest request)
    {
        if (!LabelSelector.Parse(request.Parameter("labelSelector")).Is(out var labels, out var problem))
        {
            return problem;
        }

        if (request.Parameter("fieldSelector") is not { } text)
        {
            return new Selection(labels, null);
        }

        return text.Split('=', 2) is [NameField, var rest] && rest.TrimStart('=') is { Length: > 0 } name && !name.Contains(',', StringComparison.Ordinal)
            ? new Selection(labels, name)
            : RefusalStatus.Of(new Refusal(RefusalCode.Malformed, $"fieldSelector: only {NameField}=NAME is known here, not '{text}'.", "fieldSelector"));
    }

    public bool Holds(Resource? resource) =>
        resource is not null && (Name is null || resource.Metadata.Name == Name) && Labels.Matches(resource.Metadata.Labels);
}
