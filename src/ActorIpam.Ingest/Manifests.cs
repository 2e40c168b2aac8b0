using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using ActorIpam.Domain.Resources;

namespace ActorIpam.Ingest;

/// <summary>Turns the text of manifests into resources: YAML or JSON, several documents, List kinds, top-level arrays (semantics.md §15).</summary>
/// <remarks>Only what cannot be read is a problem here; rules are checked by <see cref="ResourceRules"/>, and what they refuse is shown by <see cref="IngestedResource.Locate(Domain.Refusal)"/>.</remarks>
public static class Manifests
{
    /// <param name="source">How problems name the text.</param>
    /// <param name="text">The text; a leading byte order mark is ignored.</param>
    /// <param name="json">True when it must be JSON; otherwise the look of each document decides.</param>
    public static Ingestion Read(string source, string text, bool json = false)
    {
        var resources = ImmutableArray.CreateBuilder<IngestedResource>();
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var document in DocumentText.Split(text.TrimStart('\uFEFF')))
        {
            try
            {
                foreach (var node in Nodes(document, json))
                {
                    ReadItems(source, node, resources, problems);
                }
            }
            catch (UnreadableException e)
            {
                problems.Add(new(source, e.At, null, e.Message));
            }

            if (problems.Count >= IngestLimits.MaxProblems)
            {
                break;
            }
        }

        return problems.Count > 0
            ? new([], [.. problems.Take(IngestLimits.MaxProblems)])
            : new(resources.ToImmutable(), []);
    }

    /// <summary>Reads one document of any content: a part of a resource, for example.</summary>
    /// <param name="source">How problems name the text.</param>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="problem">Why it cannot be read; null when it was.</param>
    public static JsonElement? ReadAny(string source, string text, out Problem? problem)
    {
        try
        {
            problem = null;
            ImmutableArray<SourceNode> nodes = [.. DocumentText.Split(text.TrimStart('\uFEFF')).SelectMany(document => Nodes(document, json: false))];
            if (nodes is [var node])
            {
                return Json(node);
            }

            problem = new(source, null, null, $"One document is expected, not {nodes.Length}.");
        }
        catch (UnreadableException e)
        {
            problem = new(source, e.At, null, e.Message);
        }

        return null;
    }

    private static ImmutableArray<SourceNode> Nodes(DocumentText document, bool json)
    {
        if (document.IsTooLong)
        {
            throw new UnreadableException(new(document.FirstLine, 1), $"The document is longer than {IngestLimits.MaxDocumentBytes / 1024} KiB.");
        }

        if (document.IsBlank)
        {
            return [];
        }

        if (json || document.LooksLikeJson)
        {
            return JsonText.Read(document);
        }

        if (document.StartsWithDirective(out var line))
        {
            throw new UnreadableException(new(line, 1), "Directives (%YAML, %TAG) are not read here; remove the line.");
        }

        return YamlDocument.Read(document) is { } node ? [node] : [];
    }

    private static void ReadItems(string source, SourceNode node, ImmutableArray<IngestedResource>.Builder resources, ImmutableArray<Problem>.Builder problems)
    {
        foreach (var item in ManifestList.Items(node))
        {
            var read = ResourceJson.Read(Json(item));
            if (!read.IsRefused)
            {
                resources.Add(new(read.Value, source, item));
                continue;
            }

            foreach (var refusal in read.Refusals)
            {
                var (at, keyAt) = item.Find(refusal.Field);
                var about = refusal.Code == Domain.RefusalCode.UnknownField ? keyAt : at;
                problems.Add(new(source, about, refusal.Field, refusal.Message));
            }
        }
    }

    private static JsonElement Json(SourceNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = IngestLimits.MaxDepth + 1 }))
        {
            node.Write(json);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}
