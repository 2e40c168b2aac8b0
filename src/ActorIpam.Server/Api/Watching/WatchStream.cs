using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorIpam.Client.Answers;
using ActorIpam.Client.Json;
using ActorIpam.Domain.Resources;
using ActorIpam.Server.Api.Selecting;
using ActorIpam.Server.Api.Tables;

namespace ActorIpam.Server.Api.Watching;

/// <summary>The lines of one watch: <c>{"type": "ADDED", "object": {…}}</c>, and so on.</summary>
internal sealed class WatchStream(HttpResponse response, ResourceKind kind, Selection selection, Presentation presentation)
{
    /// <summary>A change as this watcher sees it: what enters its selection is added, what leaves it is deleted.</summary>
    public Task TellAsync(CatalogChange change, CancellationToken cancellation)
    {
        if (change.Kind != kind)
        {
            return Task.CompletedTask;
        }

        return (selection.Holds(change.Before), selection.Holds(change.After)) switch
        {
            (false, true) => TellAsync("ADDED", change.After!, cancellation),
            (true, true) => TellAsync("MODIFIED", change.After!, cancellation),
            (true, false) => TellAsync("DELETED", change.Before! with { Metadata = change.Before.Metadata with { ResourceVersion = change.Version } }, cancellation),
            _ => Task.CompletedTask,
        };
    }

    public Task TellAsync(string type, Resource resource, CancellationToken cancellation) =>
        LineAsync(type, presentation.Show(resource, Text(resource.Metadata.ResourceVersion ?? 0), ResourceColumns.Of(kind), Presentation.Whole), cancellation);

    /// <summary>Everything up to this version was told.</summary>
    public Task BookmarkAsync(long version, CancellationToken cancellation)
    {
        var metadata = new JsonObject { ["resourceVersion"] = Text(version) };
        return LineAsync(
            "BOOKMARK",
            presentation.TableVersion is null
                ? new() { ["kind"] = ResourceKinds.Of(kind).Name, ["apiVersion"] = ResourceKinds.ApiVersion, ["metadata"] = metadata }
                : presentation.ShowList<Resource>("", [], metadata, ResourceColumns.Of(kind), Presentation.Whole),
            cancellation);
    }

    /// <summary>The watcher must list again.</summary>
    public Task ExpireAsync(CancellationToken cancellation) => LineAsync("ERROR", JsonSerializer.SerializeToNode(Expired(null), ApiJson.Default.Status)!.AsObject(), cancellation);

    public static Status Expired(long? version) => RefusalStatus.Of(
        410, version is null ? "The changes since then are not known any more; list again." : $"The changes since version {Text(version.Value)} are not known here; list again.");

    private async Task LineAsync(string type, JsonObject content, CancellationToken cancellation)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = content };
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(line.ToJsonString() + "\n"), cancellation);
        await response.Body.FlushAsync(cancellation);
    }

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);
}
