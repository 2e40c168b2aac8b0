using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ActorIpam.Ingest;

/// <summary>Reads what users give as a patch: one object in YAML or JSON.</summary>
public static class PatchText
{
    /// <summary>How problems name the text.</summary>
    private const string Source = "-p";

    /// <param name="text">YAML or JSON.</param>
    /// <param name="json">The object as JSON.</param>
    /// <param name="problem">What is wrong when there is none.</param>
    public static bool TryRead(string text, out string json, out Problem? problem)
    {
        (json, problem) = ("", null);
        try
        {
            var nodes = DocumentText.Split(text).Where(d => !d.IsBlank).SelectMany(Nodes).ToList();
            if (nodes is not [SourceNode.Mapping mapping])
            {
                problem = new(Source, null, null, "A patch is one object, such as {\"spec\": {\"disabled\": true}}.");
                return false;
            }

            json = Write(mapping);
            return true;
        }
        catch (UnreadableException e)
        {
            problem = new(Source, e.At, null, e.Message);
            return false;
        }
    }

    private static IEnumerable<SourceNode> Nodes(DocumentText document) =>
        document.LooksLikeJson ? JsonText.Read(document) : YamlDocument.Read(document) is { } node ? [node] : [];

    private static string Write(SourceNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = IngestLimits.MaxDepth + 1 }))
        {
            node.Write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
