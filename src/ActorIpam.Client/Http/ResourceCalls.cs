using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Client.Http;

/// <summary>The calls of api.md §2: what users apply.</summary>
public sealed class ResourceCalls
{
    private readonly ApiTransport _transport;

    internal ResourceCalls(ApiTransport transport) => _transport = transport;

    public Task<Resource> GetAsync(ResourceKind kind, string name, CancellationToken cancellation = default) =>
        OneAsync(ApiCall.Get(Path(kind, name)), cancellation);

    /// <summary>All resources of a kind, by name, as of one version of the catalog.</summary>
    public async Task<ResourceListing> ListAsync(ResourceKind kind, CancellationToken cancellation = default)
    {
        var items = ImmutableArray.CreateBuilder<Resource>();
        string? next = null;
        do
        {
            var answer = await _transport.SendAsync(ApiCall.Get(Path(kind) + UrlQuery.Of(("continue", next))), cancellation);
            var page = ResourcePage.Read(answer);
            items.AddRange(page.Items);
            next = page.Continue;
            if (next is null)
            {
                return new(kind, page.ResourceVersion, items.ToImmutable());
            }
        }
        while (true);
    }

    /// <summary>Creates; refused with AlreadyExists when the name is taken. Not repeated by itself: a repetition would be refused.</summary>
    public Task<Resource> CreateAsync(Resource resource, bool dryRun = false, CancellationToken cancellation = default) =>
        OneAsync(new(HttpMethod.Post, Path(resource.Kind) + DryRun(dryRun)) { Body = ResourceJson.Write(resource), Repeatable = dryRun }, cancellation);

    /// <summary>Replaces. A given resourceVersion must be the stored one, else Conflict; without one the latest is replaced.</summary>
    public Task<Resource> ReplaceAsync(Resource resource, bool dryRun = false, CancellationToken cancellation = default) =>
        OneAsync(
            new(HttpMethod.Put, Path(resource.Kind, resource.Metadata.Name) + DryRun(dryRun))
            {
                Body = ResourceJson.Write(resource),
                Repeatable = dryRun || resource.Metadata.ResourceVersion is null,
            },
            cancellation);

    /// <summary>Changes what the merge patch (RFC 7386) names and keeps the rest.</summary>
    public Task<Resource> MergeAsync(ResourceKind kind, string name, string patch, bool dryRun = false, CancellationToken cancellation = default) =>
        OneAsync(
            new(HttpMethod.Patch, Path(kind, name) + DryRun(dryRun)) { Body = patch, ContentType = "application/merge-patch+json", Repeatable = dryRun }, cancellation);

    /// <param name="kind">The kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="resourceVersion">When given, the stored one must be this, else Conflict.</param>
    /// <param name="dryRun">Whether only to say what would be done.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task DeleteAsync(ResourceKind kind, string name, long? resourceVersion = null, bool dryRun = false, CancellationToken cancellation = default) =>
        _transport.SendAsync(
            new(HttpMethod.Delete, Path(kind, name) + DryRun(dryRun))
            {
                Body = resourceVersion is { } version
                    ? $$$"""{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"resourceVersion":"{{{version.ToString(CultureInfo.InvariantCulture)}}}"}}"""
                    : null,
                Repeatable = dryRun,
            },
            cancellation);

    /// <summary>What happens to the resources of a kind after a version, for as long as the member keeps the answer open.</summary>
    /// <exception cref="ApiException">Code 405: the member cannot watch; code 410: the version is too old, list again.</exception>
    public async IAsyncEnumerable<ResourceChange> WatchAsync(
        ResourceKind kind, long version, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var query = UrlQuery.Of(("watch", "true"), ("resourceVersion", version.ToString(CultureInfo.InvariantCulture)), ("allowWatchBookmarks", "true"));
        using var response = await _transport.OpenAsync(ApiCall.Get(Path(kind) + query), cancellation);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (await ResourceChange.NextLineAsync(lines, cancellation) is { } line)
        {
            if (line.Length > 0)
            {
                yield return ResourceChange.Read(line);
            }
        }
    }

    private async Task<Resource> OneAsync(ApiCall call, CancellationToken cancellation)
    {
        var answer = await _transport.SendAsync(call, cancellation);
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            return ResourcePage.ReadOne(document.RootElement, answer);
        }
        catch (JsonException)
        {
            throw Posting.NotUnderstood(answer);
        }
    }

    private static string Path(ResourceKind kind) => $"apis/{ResourceKinds.ApiVersion}/{ResourceKinds.Of(kind).Plural}";

    private static string Path(ResourceKind kind, string name) => $"{Path(kind)}/{Uri.EscapeDataString(name)}";

    private static string DryRun(bool dryRun) => dryRun ? "?dryRun=All" : "";
}

/// <summary>Resources of one kind, by name, as of one version of the catalog (null if the member did not say).</summary>
public sealed record ResourceListing(ResourceKind Kind, long? ResourceVersion, ImmutableArray<Resource> Items);
