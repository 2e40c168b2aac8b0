using System.Text.Json.Nodes;

namespace ActorIpam.Server.Api.Patching;

/// <summary>JSON merge patch (RFC 7386): objects are merged member by member, null removes, everything else replaces.</summary>
internal static class MergePatch
{
    /// <returns>The patched value; neither argument is changed.</returns>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var merged = target is JsonObject given ? (JsonObject)given.DeepClone() : [];
        foreach (var (name, change) in changes)
        {
            if (change is null)
            {
                merged.Remove(name);
                continue;
            }

            merged[name] = Apply(merged[name], change);
        }

        return merged;
    }
}
