using System.Runtime.CompilerServices;
using ActorIpam.Client.Http;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Cli.Watching;

/// <summary>What happens to the resources of a kind, from what there is now on and without an end: by the member's watch, or by listing where it has none.</summary>
internal sealed class ResourceWatch(Session session, ResourceKind kind)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Resource> _known = new(StringComparer.Ordinal);
    private bool _canWatch = true;
    private long _version;

    public async IAsyncEnumerable<ResourceChange> ChangesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var change in await ListAsync(cancellation))
        {
            yield return change;
        }

        while (true)
        {
            await foreach (var change in FollowAsync(cancellation))
            {
                yield return change;
            }

            await session.Terminal.Wait(Pause, cancellation);
            foreach (var change in _canWatch ? [] : await ListAgainAsync(cancellation))
            {
                yield return change;
            }
        }
    }

    /// <summary>Follows the member's watch until it ends, for whatever reason.</summary>
    private async IAsyncEnumerable<ResourceChange> FollowAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!_canWatch)
        {
            yield break;
        }

        await using var changes = session.Client.Resources.WatchAsync(kind, _version, cancellation).GetAsyncEnumerator(cancellation);
        while (await NextAsync(changes))
        {
            var change = changes.Current;
            _version = change.Version ?? _version;
            if (change.Resource is { } resource && Remember(change.Type, resource))
            {
                yield return change;
            }
        }

        if (_version == 0)
        {
            // The version was too old to go on from: the difference between then and now is found by listing.
            foreach (var change in await ListAgainAsync(cancellation))
            {
                yield return change;
            }
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<ResourceChange> changes)
    {
        try
        {
            return await changes.MoveNextAsync();
        }
        catch (ApiException e) when (e.Status.Code == 405)
        {
            _canWatch = false;
        }
        catch (ApiException e) when (e.Status.Code == 410)
        {
            _version = 0;
        }
        catch (ServerUnreachableException e)
        {
            await session.Terminal.Error.WriteLineAsync($"ipamctl: {e.Message} Trying again.");
        }

        return false;
    }

    /// <summary>False for what is known already.</summary>
    private bool Remember(ChangeType type, Resource resource)
    {
        var name = resource.Metadata.Name;
        if (type == ChangeType.Deleted)
        {
            return _known.Remove(name);
        }

        var isNews = !_known.TryGetValue(name, out var before) || before.Metadata.ResourceVersion != resource.Metadata.ResourceVersion;
        _known[name] = resource;
        return isNews;
    }

    private async Task<List<ResourceChange>> ListAgainAsync(CancellationToken cancellation)
    {
        try
        {
            return await ListAsync(cancellation);
        }
        catch (ServerUnreachableException e)
        {
            await session.Terminal.Error.WriteLineAsync($"ipamctl: {e.Message} Trying again.");
            return [];
        }
    }

    /// <summary>What differs between what is known and what there is.</summary>
    private async Task<List<ResourceChange>> ListAsync(CancellationToken cancellation)
    {
        var list = await session.Client.Resources.ListAsync(kind, cancellation);
        _version = list.ResourceVersion ?? 0;
        var names = list.Items.Select(r => r.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        var changes = _known.Values.Where(r => !names.Contains(r.Metadata.Name)).Select(r => new ResourceChange(ChangeType.Deleted, r, null)).ToList();
        changes.ForEach(change => _known.Remove(change.Resource!.Metadata.Name));
        foreach (var resource in list.Items)
        {
            var type = _known.ContainsKey(resource.Metadata.Name) ? ChangeType.Modified : ChangeType.Added;
            if (Remember(type, resource))
            {
                changes.Add(new(type, resource, null));
            }
        }

        return changes;
    }
}
