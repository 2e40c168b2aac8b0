using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorIpam.Client.Http;
using ActorIpam.Domain.Resources;
using ActorIpam.Ingest;

namespace ActorIpam.Cli.Printing;

/// <summary>Prints resources: one as an object, several as an array, a kind as one list; or as tables.</summary>
internal sealed class ResourcePrinter(OutputFormat format, TextWriter output)
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Print(ResourceListing list)
    {
        switch (format.Kind)
        {
            case OutputKind.Yaml or OutputKind.Json:
                PrintDocument(json => WriteList(json, list));
                break;
            case OutputKind.Name:
                list.Items.ToList().ForEach(PrintName);
                break;
            default:
                PrintTable(list.Kind, list.Items);
                break;
        }
    }

    /// <summary>Resources that were asked for by name, each with a table of its own.</summary>
    public void Print(ImmutableArray<Resource> resources)
    {
        if (resources.IsEmpty)
        {
            return;
        }

        switch (format.Kind)
        {
            case OutputKind.Yaml or OutputKind.Json when resources is [var only]:
                PrintDocument(json => ResourceJson.Write(json, only));
                break;
            case OutputKind.Yaml or OutputKind.Json:
                PrintDocument(json => WriteArray(json, resources));
                break;
            case OutputKind.Name:
                resources.ToList().ForEach(PrintName);
                break;
            default:
                resources.ToList().ForEach(resource => PrintTable(resource.Kind, [resource]));
                break;
        }
    }

    private void PrintName(Resource resource) =>
        output.WriteLine($"{ResourceKinds.Of(resource.Kind).Singular}.{ResourceKinds.ApiGroup}/{resource.Metadata.Name}");

    private void PrintTable(ResourceKind kind, ImmutableArray<Resource> resources)
    {
        var columns = ResourceColumns.Choose(kind, format);
        PlainTable.Write(output, [.. columns.Select(c => c.Heading)], [.. resources.Select(r => columns.Select(c => c.Value(r)).ToArray())]);
    }

    private void PrintDocument(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            write(json);
        }

        if (format.Kind == OutputKind.Json)
        {
            output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
            return;
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        output.Write(YamlText.Write(document.RootElement));
    }

    private static void WriteArray(Utf8JsonWriter json, ImmutableArray<Resource> resources)
    {
        json.WriteStartArray();
        foreach (var resource in resources)
        {
            ResourceJson.Write(json, resource);
        }

        json.WriteEndArray();
    }

    private static void WriteList(Utf8JsonWriter json, ResourceListing list)
    {
        json.WriteStartObject();
        json.WriteString("apiVersion", ResourceKinds.ApiVersion);
        json.WriteString("kind", ResourceKinds.Of(list.Kind).Name + "List");
        json.WriteStartObject("metadata");
        if (list.ResourceVersion is { } version)
        {
            json.WriteString("resourceVersion", version.ToString(CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
        json.WritePropertyName("items");
        WriteArray(json, list.Items);
        json.WriteEndObject();
    }
}
