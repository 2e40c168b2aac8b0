using System.Collections.Immutable;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Http;
using ActorIpam.Domain;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Manifests;

/// <summary>A named set of definitions that are applied together, so that what is dropped from it can be found and deleted later.</summary>
/// <remarks>
/// Membership is an annotation, written with each apply of the set. What does not carry it was not applied by this set, or has been applied
/// by something else since, and is never deleted. A label would do as well, but node selectors look at labels.
/// </remarks>
internal sealed class AppliedSet(string name, Session session)
{
    /// <summary>The annotation whose value is the set's name.</summary>
    public const string Annotation = "ipamctl/set";

    public string Name => name;

    /// <summary>How <c>--set</c> is understood: null for none.</summary>
    /// <exception cref="CommandFailure">The name is blank.</exception>
    public static AppliedSet? Of(string? name, Session session) => name?.Trim() switch
    {
        null => null,
        "" => throw new CommandFailure("--set needs a name."),
        var trimmed => new(trimmed, session),
    };

    /// <summary>The resource as a member of a set; without a set as a member of none, whatever its file says.</summary>
    public static Task<Resource> TakeAsync(AppliedSet? set, Resource resource, CancellationToken cancellation) =>
        set is null ? Task.FromResult(Without(resource)) : set.TakeAsync(resource, cancellation);

    /// <summary>The resource as a member of no set.</summary>
    public static Resource Without(Resource resource) => resource with { Metadata = resource.Metadata with { Annotations = resource.Metadata.Annotations.Remove(Annotation) } };

    /// <summary>Members of the set that an input of these resources does not hold any more; only of kinds the input holds.</summary>
    public async Task<ImmutableArray<Resource>> DroppedAsync(ImmutableArray<Resource> input, CancellationToken cancellation)
    {
        var kept = input.Select(r => (r.Kind, r.Metadata.Name)).ToHashSet();
        var dropped = ImmutableArray.CreateBuilder<Resource>();
        foreach (var kind in input.Select(r => r.Kind).Distinct().Order())
        {
            var stored = await session.Client.Resources.ListAsync(kind, cancellation);
            dropped.AddRange(stored.Items.Where(r => OwnerOf(r) == name && !kept.Contains((kind, r.Metadata.Name))));
        }

        return dropped.ToImmutable();
    }

    /// <summary>The resource as a member of the set.</summary>
    /// <exception cref="ApiException">It belongs to another set.</exception>
    private async Task<Resource> TakeAsync(Resource resource, CancellationToken cancellation)
    {
        if (await OwnerAsync(resource, cancellation) is { } other && other != name)
        {
            throw new ApiException(RefusalStatus.Of(
                409, $"{ResourceKinds.Of(resource.Kind).Name} '{resource.Metadata.Name}' belongs to the set '{other}': apply it with that set, or remove its annotation {Annotation} first."));
        }

        return resource with { Metadata = resource.Metadata with { Annotations = resource.Metadata.Annotations.SetItem(Annotation, name) } };
    }

    private static string? OwnerOf(Resource resource) => resource.Metadata.Annotations.GetValueOrDefault(Annotation);

    private async Task<string?> OwnerAsync(Resource resource, CancellationToken cancellation)
    {
        try
        {
            return OwnerOf(await session.Client.Resources.GetAsync(resource.Kind, resource.Metadata.Name, cancellation));
        }
        catch (ApiException e) when (e.Is(RefusalCode.NotFound))
        {
            return null;
        }
    }
}
