using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ActorIpam.Domain.Requests;
using ActorIpam.Ingest;

namespace ActorIpam.Cli.Printing;

/// <summary>Prints what was answered about addresses.</summary>
internal sealed class AddressPrinter(Session session)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private TextWriter Output => session.Terminal.Out;

    /// <summary>The answer as it came (json, yaml), the bare addresses (name), or a table.</summary>
    public void Print<T>(T answer, JsonTypeInfo<T> shape, ImmutableArray<AssignedAddress> addresses)
    {
        switch (session.Format.Kind)
        {
            case OutputKind.Json or OutputKind.Yaml:
                PrintDocument(answer, shape);
                break;
            case OutputKind.Name:
                addresses.ToList().ForEach(a => Output.WriteLine(a.Address));
                break;
            case OutputKind.CustomColumns:
                throw NotHere(session.Format);
            default:
                PrintTable(addresses);
                break;
        }
    }

    /// <summary>The answer as JSON or YAML; false when another format is asked for.</summary>
    public bool TryPrintDocument<T>(T answer, JsonTypeInfo<T> shape)
    {
        if (session.Format.IsTabular)
        {
            return false;
        }

        if (session.Format.Kind is not (OutputKind.Json or OutputKind.Yaml))
        {
            throw NotHere(session.Format);
        }

        PrintDocument(answer, shape);
        return true;
    }

    private void PrintDocument<T>(T answer, JsonTypeInfo<T> shape)
    {
        var json = JsonSerializer.SerializeToElement(answer, shape);
        if (session.Format.Kind == OutputKind.Yaml)
        {
            Output.Write(YamlText.Write(json));
        }
        else
        {
            Output.WriteLine(JsonSerializer.Serialize(json, Indented));
        }
    }

    private void PrintTable(ImmutableArray<AssignedAddress> addresses)
    {
        if (!addresses.IsEmpty)
        {
            PlainTable.Write(
                Output,
                ["ADDRESS", "POOL", "BLOCK", "BORROWED"],
                [.. addresses.Select(a => (string[])[a.Cidr, a.Pool ?? "", a.Block, a.Borrowed ? "yes" : "no"])]);
        }
    }

    private static CommandFailure NotHere(OutputFormat format) =>
        new($"This command does not print -o {(format.Kind == OutputKind.CustomColumns ? "custom-columns" : format.Kind.ToString().ToLowerInvariant())}: use table, json or yaml.");
}
