using System.Globalization;
using System.Text.Json.Nodes;

namespace ActorIpam.Server.Api.Patching;

/// <summary>JSON patch (RFC 6902): a list of add, remove, replace, move, copy and test, done in order, all or nothing.</summary>
internal static class JsonPatch
{
    /// <exception cref="PatchRefusedException">An operation cannot be done; the message names it.</exception>
    /// <returns>The patched value; neither argument is changed.</returns>
    public static JsonNode? Apply(JsonNode? target, JsonArray patch)
    {
        var document = new JsonObject { ["root"] = target?.DeepClone() };
        foreach (var (operation, index) in patch.Select((operation, index) => (operation, index)))
        {
            try
            {
                Do(document, operation as JsonObject ?? throw new PatchRefusedException("it must be an object"));
            }
            catch (PatchRefusedException refused)
            {
                throw new PatchRefusedException(string.Create(CultureInfo.InvariantCulture, $"Operation {index} of the patch cannot be done: {refused.Message}."));
            }
        }

        return document["root"]?.DeepClone();
    }

    private static void Do(JsonObject document, JsonObject operation)
    {
        var path = Pointer(operation, "path");
        switch (Text(operation, "op"))
        {
            case "add":
                Put(document, path, Value(operation), replace: false);
                break;
            case "replace":
                Put(document, path, Value(operation), replace: true);
                break;
            case "remove":
                Take(document, path);
                break;
            case "move":
                Put(document, path, Take(document, Pointer(operation, "from")), replace: false);
                break;
            case "copy":
                Put(document, path, Find(document, Pointer(operation, "from"))?.DeepClone(), replace: false);
                break;
            case "test" when !JsonNode.DeepEquals(Find(document, path), Value(operation)):
                throw new PatchRefusedException($"{Text(operation, "path")} has another value");
            case "test":
                break;
            case var other:
                throw new PatchRefusedException($"there is no operation '{other}'");
        }
    }

    private static void Put(JsonObject document, string[] path, JsonNode? value, bool replace)
    {
        var parent = Find(document, path.AsSpan(..^1));
        var last = path[^1];
        switch (parent)
        {
            case JsonObject members when !replace || members.ContainsKey(last):
                members[last] = value;
                break;
            case JsonArray items when replace:
                items[Index(last, items.Count - 1)] = value;
                break;
            case JsonArray items:
                items.Insert(last == "-" ? items.Count : Index(last, items.Count), value);
                break;
            default:
                throw new PatchRefusedException($"there is nothing at /{string.Join('/', path.Skip(1))}");
        }
    }

    private static JsonNode? Take(JsonObject document, string[] path)
    {
        var taken = Find(document, path)?.DeepClone();
        if (Find(document, path.AsSpan(..^1)) is JsonArray items)
        {
            items.RemoveAt(Index(path[^1], items.Count - 1));
        }
        else
        {
            Find(document, path.AsSpan(..^1))!.AsObject().Remove(path[^1]);
        }

        return taken;
    }

    private static JsonNode? Find(JsonNode? at, ReadOnlySpan<string> path)
    {
        foreach (var part in path)
        {
            at = at switch
            {
                JsonObject members when members.TryGetPropertyValue(part, out var member) => member,
                JsonArray items => items[Index(part, items.Count - 1)],
                _ => throw new PatchRefusedException($"there is no '{part}'"),
            };
        }

        return at;
    }

    private static int Index(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= most
            ? index
            : throw new PatchRefusedException($"'{text}' is no place in the list");

    /// <summary>The parts of a JSON pointer behind the root, which itself can be replaced.</summary>
    private static string[] Pointer(JsonObject operation, string name) => Text(operation, name) switch
    {
        "" => ["root"],
        ['/', ..] pointer => ["root", .. pointer[1..].Split('/').Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))],
        var other => throw new PatchRefusedException($"'{other}' is no pointer such as /spec/disabled"),
    };

    private static string Text(JsonObject operation, string name) =>
        operation[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new PatchRefusedException($"'{name}' is missing or no text");

    private static JsonNode? Value(JsonObject operation) =>
        operation.TryGetPropertyValue("value", out var value) ? value?.DeepClone() : throw new PatchRefusedException("'value' is missing");
}

/// <summary>A patch cannot be applied to what is stored.</summary>
internal sealed class PatchRefusedException(string message) : Exception(message);
